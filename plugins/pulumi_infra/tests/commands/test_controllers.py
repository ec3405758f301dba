"""Controllers of the cluster, by command lines from beginning to end."""

from __future__ import annotations

import hashlib

import pytest

from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.testing import controller
from keras_remote_pulumi_infra.testing.github import GitHub

LWS = RELEASES["lws"]
TEXT = controller.text(controller.controller(LWS.version))


@pytest.fixture
def github(serve):
  return serve(GitHub())


def test_a_controller_is_made_and_goes_when_unwanted(made, cli, github):
  github.publish(LWS.repository, LWS.version, TEXT)
  done = cli("up", "--yes", "--controllers", "lws")
  assert f"+ made controller lws ({LWS.version}, 8 objects)" in done.stderr
  assert made.cluster.objects("customresourcedefinitions")
  assert "nothing to do" in cli("up").stdout
  gone = cli("up", "--yes", "--controllers", "")
  assert "- removed controller lws" in gone.stderr
  assert made.cluster.objects("deployments") == []


def test_without_a_network_the_manifest_is_a_file(made, cli, github, tmp_path):
  refused = cli("up", "--yes", "--controllers", "lws", code=3)
  assert "cannot be had from" in refused.stderr
  assert "--manifest lws=FILE" in refused.stderr
  assert "Traceback" not in refused.stderr
  file = tmp_path / "manifests.yaml"
  file.write_bytes(TEXT)
  named = f"lws={file}#sha256={hashlib.sha256(TEXT).hexdigest()}"
  done = cli("up", "--yes", "--controllers", "lws", "--manifest", named)
  assert "+ made controller lws" in done.stderr


def test_a_manifest_that_was_changed_on_its_way_installs_nothing(
  made, cli, github
):
  github.publish(LWS.repository, LWS.version, TEXT)
  github.tamper(LWS.repository, LWS.version, TEXT + b"---\n")
  refused = cli("up", "--yes", "--controllers", "lws", code=3)
  assert "is not the manifest of lws" in refused.stderr
  assert made.cluster.objects("customresourcedefinitions") == []
