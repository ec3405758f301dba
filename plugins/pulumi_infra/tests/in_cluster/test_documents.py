"""The pure rules of manifests, whatever they are given."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from keras_remote_core.errors import UsageError
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import documents, installed, releases
from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.inside.sources import Source, parse
from keras_remote_pulumi_infra.testing import controller

LWS = RELEASES["lws"]
KINDS = (
  "Namespace",
  "Role",
  "Deployment",
  "APIService",
  "Widget",
  documents.DEFINITION,
)
NAMES = st.text("abc", min_size=1, max_size=3)
LABELS = st.none() | st.dictionaries(NAMES, NAMES, max_size=2)
OBJECTS = st.lists(
  st.builds(
    lambda kind, name, labels: controller.body(
      "v1", kind, name, {"labels": labels}
    ),
    st.sampled_from(KINDS),
    NAMES,
    LABELS,
  ),
  min_size=1,
  max_size=8,
)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
PATHS = st.text("abc./-~ é=", min_size=1, max_size=12)


def stages(text):
  return documents.stages(text, LWS, 64 * "0")


def key(each):
  return each["kind"], each["metadata"]["name"]


@hypothesis.given(OBJECTS)
def test_every_object_is_in_one_stage_and_is_marked_as_ours(objects):
  found = stages(controller.text(objects))
  keys = sorted(key(each) for each in found.all)
  own = ("Namespace", LWS.namespace)
  assert keys == sorted([*map(key, objects), own])
  for each in found.all:
    labels = each["metadata"]["labels"]
    assert labels["keras-remote/component"] == "lws"
    assert labels["app.kubernetes.io/managed-by"] == "keras-remote"


@hypothesis.given(OBJECTS)
def test_objects_of_one_kind_stay_in_their_order(objects):
  found = stages(controller.text(objects)).all
  for kind in set(KINDS) - {"Namespace"}:
    wanted = [key(each) for each in objects if each["kind"] == kind]
    assert [key(each) for each in found if each["kind"] == kind] == wanted


def test_the_projects_own_namespace_tells_what_is_installed():
  found = stages(controller.text(controller.controller("v1")))
  (space,) = [each for each in found.all if each["kind"] == "Namespace"]
  assert space["metadata"]["annotations"] == {
    "keras-remote/version": LWS.version,
    "keras-remote/manifest-sha256": 64 * "0",
  }


@hypothesis.given(st.binary(max_size=40))
@hypothesis.example(b"")
@hypothesis.example(b"- a\n- b")
@hypothesis.example(b"kind: Namespace")
@hypothesis.example(
  b"{apiVersion: v1, kind: A, metadata: {name: a, labels: [1]}}"
)
@hypothesis.example(b"!!python/object/apply:os.system [true]")
def test_what_is_no_manifest_is_refused_in_words(text):
  with pytest.raises(InfraError, match="is no manifest") as raised:
    stages(text)
  assert "--manifest lws=FILE" in str(raised.value.remedy)


@hypothesis.given(st.sampled_from(sorted(RELEASES)), PATHS, HEX)
def test_a_source_is_what_was_written(name, path, sha256):
  wanted = Source(location=path, sha256=sha256)
  assert parse(f"{name}={path}#sha256={sha256}") == (name, wanted)
  assert parse(f"{name}={path}") == (name, Source(location=path))


@hypothesis.given(st.text(max_size=30))
def test_any_other_text_is_a_source_or_refused(text):
  try:
    name, found = parse(text)
  except UsageError:
    return
  assert name in RELEASES
  assert found.location


@pytest.mark.parametrize(
  ("version", "than", "newer"),
  [
    ("v0.10.0", "v0.9.1", True),
    ("v0.9.1", "v0.10.0", False),
    ("v0.10.0", "v0.10.0", False),
    ("v0.11.0-rc.1", "v0.10.0", True),
    ("main", "v0.10.0", False),
  ],
)
def test_versions_are_compared_as_numbers(version, than, newer):
  assert releases.is_newer(version, than) is newer


def test_one_of_an_unknown_version_by_somebody_else_stays():
  told = installed.Installed(ours=False).stays(LWS)
  assert told == (
    "of an unknown version, installed by somebody else and left as it is"
  )
