"""A manifest is what its project published, or nothing is installed."""

from __future__ import annotations

import hashlib

import pytest
from attrs import evolve

from keras_remote_core.errors import UsageError
from keras_remote_gcp.testing.server import Fault
from keras_remote_pulumi_infra import in_cluster
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import manifests
from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.inside.sources import Source, parse
from keras_remote_pulumi_infra.testing import controller

LWS = RELEASES["lws"]
GOOD = controller.text(controller.controller(LWS.version))
EVIL = GOOD.replace(b"example.com", b"example.org")


def digest(text):
  return hashlib.sha256(text).hexdigest()


def fetch(source=None, installed=None):
  return manifests.fetch(LWS, source, installed)


def test_the_digest_that_github_tells_is_the_one_it_has(github):
  found = fetch()
  assert (found.text, found.sha256) == (GOOD, digest(GOOD))


def test_it_is_fetched_once(github):
  fetch()
  count = len(github.server.requests)
  assert fetch(installed=digest(GOOD)).text == GOOD
  assert len(github.server.requests) == count


def test_a_kept_one_that_was_damaged_is_fetched_again(github, home):
  fetch()
  (kept,) = (home / "cache" / "manifests").iterdir()
  kept.write_bytes(b"")
  assert fetch().text == GOOD
  assert kept.read_bytes() == GOOD


def test_one_that_was_changed_is_refused_and_not_kept(github, home):
  github.tamper(LWS.repository, LWS.version, EVIL)
  with pytest.raises(InfraError, match=digest(EVIL)) as raised:
    fetch()
  assert f"#sha256={digest(EVIL)}" in str(raised.value.remedy)
  assert not (home / "cache" / "manifests").exists()


def test_a_release_that_was_made_anew_is_not_what_was_installed(github):
  github.publish(LWS.repository, LWS.version, EVIL)
  with pytest.raises(InfraError, match=f"should be {digest(GOOD)}"):
    fetch(installed=digest(GOOD))


def test_without_a_digest_nothing_is_believed(github):
  github.digests = False
  with pytest.raises(InfraError, match="tells no digest") as raised:
    fetch()
  assert "--manifest lws=FILE" in str(raised.value.remedy)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"assets": [1]}', b"<html>"])
def test_an_answer_that_is_no_release_tells_no_digest(github, body):
  github.server.faults.inject(Fault(path="/api/.*", status=200, body=body))
  with pytest.raises(InfraError, match="tells no digest"):
    fetch()


def test_a_passing_failure_passes(github):
  github.server.faults.inject(Fault(status=503, times=2), Fault(cut=-1))
  assert fetch().text == GOOD


def test_an_answer_cut_short_is_no_manifest(github, home):
  path = ".*/download/.*"
  fault = Fault(path=path, query={"at": "storage"}, cut=100, times=9)
  github.server.faults.inject(fault)
  with pytest.raises(InfraError, match="cannot be had"):
    fetch()
  assert not (home / "cache" / "manifests").exists()


@pytest.mark.parametrize(("status", "told"), [(403, "403"), (404, "404")])
def test_a_refusal_names_the_address_and_a_way_without_it(github, status, told):
  github.server.faults.inject(Fault(status=status))
  with pytest.raises(InfraError, match=f"HTTP {told}") as raised:
    fetch()
  assert github.server.url in raised.value.message
  assert f"--manifest {LWS.name}=FILE" in str(raised.value.remedy)


def test_without_a_network_a_file_will_do(github, tmp_path):
  file = tmp_path / "manifests.yaml"
  file.write_bytes(GOOD)
  with github.server.down():
    with pytest.raises(InfraError, match="cannot be had"):
      fetch()
    assert fetch(Source(location=str(file))).sha256 == digest(GOOD)


def test_a_file_is_what_its_digest_says(tmp_path):
  file = tmp_path / "manifests.yaml"
  file.write_bytes(EVIL)
  with pytest.raises(InfraError, match=f"should be {digest(GOOD)}"):
    fetch(Source(location=str(file), sha256=digest(GOOD)))


def test_a_file_that_is_not_there_is_named(tmp_path):
  with pytest.raises(InfraError, match="No such file"):
    fetch(Source(location=str(tmp_path / "none.yaml")))


def test_another_address_has_the_digest_that_the_user_gives(github):
  github.publish("mirror/of-it", "v1", GOOD)
  url = f"{github.server.url}/mirror/of-it/releases/download/v1/manifests.yaml"
  assert fetch(Source(location=url, sha256=digest(GOOD))).text == GOOD
  with pytest.raises(InfraError, match="should be"):
    fetch(Source(location=url, sha256=digest(EVIL)))


def test_what_the_user_gives_replaces_what_was_installed(
  config, plan, apply, tmp_path
):
  apply(config)
  file = tmp_path / "mine.yaml"
  changed = [*controller.controller(LWS.version)]
  changed.append(controller.body("v1", "ServiceAccount", "more"))
  file.write_bytes(controller.text(changed))
  given = dict([parse(f"lws={file}")])
  assert plan(config, given)[-1].operation == "update"
  apply(config, given)
  assert plan(config, given)[-1].operation == "same"
  with pytest.raises(InfraError, match="is not the manifest"):
    apply(config)


def test_without_a_network_what_is_installed_is_left_uncompared(
  config, plan, apply, github, home
):
  apply(config)
  for each in (home / "cache" / "manifests").iterdir():
    each.unlink()
  with github.server.down():
    last = plan(config)[-1]
  assert last.operation == "same"
  assert "not compared" in last.detail


def test_what_was_changed_since_it_was_installed_is_refused_in_a_plan(
  config, plan, apply, github, home
):
  apply(config)
  for each in (home / "cache" / "manifests").iterdir():
    each.unlink()
  github.publish(LWS.repository, LWS.version, EVIL)
  with pytest.raises(InfraError, match=f"should be {digest(GOOD)}"):
    plan(config)


def test_a_file_that_is_not_there_is_missed_before_anything_is_made(
  config, apply, plan, home
):
  given = dict([parse("lws=none.yaml")])
  asked = in_cluster.wanted(config, given)
  with pytest.raises(InfraError, match="No such file"):
    in_cluster.plan(asked, None)
  apply(config)
  with pytest.raises(InfraError, match="No such file"):
    plan(config, given)


def test_other_controllers_are_installed_from_their_own_releases(
  config, plan, apply, github
):
  kueue = RELEASES["kueue"]
  text = controller.text([controller.body("v1", "ConfigMap", "kueue")])
  github.publish(kueue.repository, kueue.version, text)
  both = evolve(config, controllers=("lws", "kueue"))
  assert [each.name for each in apply(both)][-1] == "kueue"
  last = plan(both)[-1]
  assert (last.operation, last.detail) == ("same", kueue.version)


@pytest.mark.parametrize(
  "text",
  [
    "lws",
    "lws=",
    "other=file.yaml",
    "=file.yaml",
    "lws=https://example.com/manifests.yaml",
    "lws=file.yaml#sha256=abc",
    "lws=#sha256=" + 64 * "a",
  ],
)
def test_a_manifest_that_is_named_wrongly_is_refused(text):
  with pytest.raises(UsageError) as raised:
    parse(text)
  assert raised.value.remedy
