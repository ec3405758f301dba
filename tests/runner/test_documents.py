"""Manifests and outcomes: one byte string each, signed, and judged rightly."""

from __future__ import annotations

import json
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_runner import manifest, outcome, signing
from keras_remote_runner.manifest import Artifact, Manifest, UnreadableManifest
from keras_remote_runner.outcome import Ending

digests = st.text("0123456789abcdef", min_size=64, max_size=64)
artifacts = st.builds(Artifact, sha256=digests, size=st.integers(0))
texts = st.lists(st.text()).map(tuple)
manifests = st.builds(
  Manifest,
  job=st.text(),
  function=artifacts,
  inputs=st.lists(artifacts, min_size=1).map(tuple),
  source=st.none() | artifacts,
  sys_path=texts,
  cwd=st.text(),
  python=st.text(),
  by_value=st.booleans(),
  env=st.dictionaries(st.text(), st.text()),
  prelude=texts,
  requirements=texts,
  timeout=st.none() | st.floats(0, allow_nan=False, allow_infinity=False),
)
documents = st.dictionaries(
  st.text().filter(lambda name: name != "signature"),
  st.recursive(
    st.none() | st.integers() | st.text() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
  ),
)
KEY = bytes(range(32))


@given(manifests)
def test_a_manifest_reads_as_it_was_written(made):
  assert manifest.decode(made.encode()) == made


@given(manifests, st.data())
def test_a_damaged_manifest_says_so(made, data):
  encoded = made.encode()
  cut = data.draw(st.integers(0, len(encoded) - 1))
  with pytest.raises(UnreadableManifest):
    manifest.decode(encoded[:cut])


@pytest.mark.parametrize(
  "data", [b"[]", b"{}", b'{"schema": 1}', b"null", b"\xff"]
)
def test_what_is_no_manifest_says_so(data):
  with pytest.raises(UnreadableManifest):
    manifest.decode(data)


@given(manifests, st.integers(2) | st.text())
def test_another_schema_is_named(made, schema):
  document = {**json.loads(made.encode()), "schema": schema}
  with pytest.raises(UnreadableManifest, match="has schema"):
    manifest.decode(json.dumps(document).encode())


@given(documents, st.binary(min_size=32, max_size=32))
def test_a_signed_document_verifies_after_its_way_through_json(document, key):
  signed = json.loads(signing.canonical(signing.sign(document, key)))
  assert signing.verify(signed, key)


@given(documents, st.text(), st.integers())
def test_any_change_breaks_the_signature(document, name, value):
  signed = signing.sign(document, KEY)
  changed = {**signed, name: value}
  assert signing.verify(changed, KEY) == (changed == signed)


@pytest.mark.parametrize("signature", [None, 1, "", "é", "\ud800", ["x"]])
def test_a_senseless_signature_is_refused(signature):
  assert not signing.verify({"job": "a", "signature": signature}, KEY)


def test_another_key_does_not_verify():
  assert not signing.verify(signing.sign({"job": "a"}, KEY), bytes(32))


RETURNED = {"kind": "returned", "artifact": None}
LEFT = {"kind": "raised", "type": "SystemExit", "exits": True}
LINES = ("a", "b")


@pytest.mark.parametrize("stop", [None, "Timeout", "Stopped"])
def test_a_function_that_reported_did_so_whatever_came_after(stop):
  ending = Ending(RETURNED, -signal.SIGKILL, stop, 1.0)
  assert outcome.judge(ending, LINES) == RETURNED


def test_a_function_that_left_because_it_was_stopped_was_stopped():
  assert outcome.judge(Ending(LEFT, 1), LINES) == LEFT
  for stop in ("Timeout", "Stopped"):
    stopped = outcome.judge(Ending(LEFT, 1, stop, 1.0), LINES)
    assert stopped["reason"] == stop


@pytest.mark.parametrize(
  ("ending", "reason", "said"),
  [
    (Ending(None, -15, "Timeout", 90.0), "Timeout", "limit of 90 s"),
    (Ending(None, -15, "Stopped"), "Stopped", "SIGTERM"),
    (Ending(None, -9), "Killed", "SIGKILL; often the machine ran out"),
    (Ending(None, -11), "Killed", "SIGSEGV"),
    (Ending(None, -64), "Killed", "SIGRTMAX"),
    (Ending(None, -99), "Killed", "signal 99"),
    (Ending(None, 3), "Exited", "status 3"),
    (Ending(None, 0), "Exited", "status 0 without returning"),
  ],
)
def test_an_end_without_a_report_is_explained(ending, reason, said):
  body = outcome.judge(ending, LINES)
  assert body["reason"] == reason
  assert said in body["message"]
  assert body["lines"] == list(LINES)


@pytest.mark.parametrize(
  ("body", "code"),
  [
    (RETURNED, 0),
    ({"kind": "raised"}, 42),
    (outcome.failed("Timeout", ""), 43),
    (outcome.failed("Killed", ""), 70),
    (outcome.failed("Stopped", ""), 143),
  ],
)
def test_the_exit_codes_are_the_documented_ones(body, code):
  assert outcome.exit_code(body) == code
