"""What another version wrote says which side has to be upgraded."""

from __future__ import annotations

import hashlib
import json
import secrets

import pytest
from attrs import evolve

from keras_remote_core import index, testing, wire
from keras_remote_core.errors import JobFailed, ResultUnavailable, UsageError
from keras_remote_core.testing import functions
from keras_remote_core.testing.site import Site
from keras_remote_runner import keys, signing


@pytest.fixture
def site(tmp_path, monkeypatch):
  (tmp_path / "empty").mkdir()
  monkeypatch.chdir(tmp_path / "empty")
  return Site.of(testing.plan(backend="local"), tmp_path)


def with_schema(data, schema):
  return json.dumps({**json.loads(data), "schema": schema}).encode()


@pytest.mark.parametrize(
  ("schema", "who", "fix"),
  [
    (
      2,
      "a newer one submitted the job",
      "upgrade keras-remote here: pip install -U keras-remote",
    ),
    (
      0,
      "an older one submitted the job",
      "collect it with that one, then upgrade it there: pip install -U"
      " keras-remote",
    ),
    ("one", "no keras-remote wrote it", None),
  ],
)
def test_a_handle_of_another_schema(handle, schema, who, fix):
  with pytest.raises(UsageError) as caught:
    wire.decode_handle(with_schema(wire.encode(handle), schema))
  assert caught.value.message == (
    f"this job handle has schema {schema!r}, and this keras-remote reads"
    f" schema 1: {who}"
  )
  assert caught.value.remedy == fix


@pytest.mark.parametrize(
  ("schema", "said"),
  [
    (
      2,
      "the runner is older than the keras-remote that submitted the job;"
      " upgrade it there: pip install -U keras-remote-runner",
    ),
    (
      0,
      "the keras-remote that submitted the job is older than the runner;"
      " upgrade it there: pip install -U keras-remote",
    ),
    ("one", "no keras-remote wrote it"),
  ],
)
def test_a_manifest_of_another_schema(site, schema, said):
  submission, handle = site.unsubmitted(functions.add, 1)
  index.remember(handle, submission.key)
  store, key = site.made.store, submission.staged.manifest_key
  data = with_schema(store.read(key), schema)
  store.write(key, data)
  digest = hashlib.sha256(data).hexdigest()
  *arguments, _ = submission.arguments
  site.made.backend.submit(
    evolve(submission, arguments=(*arguments, f"--manifest={digest}")), handle
  )
  with pytest.raises(JobFailed) as caught:
    site.job(handle).result(60)
  assert caught.value.reason == "UnreadableManifest"
  assert (
    f"this manifest has schema {schema!r}, and this runner reads schema 1:"
    f" {said}"
  ) in caught.value.message


@pytest.mark.parametrize(
  ("schema", "who", "fix"),
  [
    (
      2,
      "a newer one submitted the job",
      "upgrade keras-remote here: pip install -U keras-remote",
    ),
    (
      0,
      "an older one submitted the job",
      "collect the job with the keras-remote that submitted it",
    ),
  ],
)
def test_an_outcome_of_another_schema(site, handle, schema, who, fix):
  key = secrets.token_bytes(32)
  index.remember(handle, key)
  outcome = f"{keys.host(handle.job_id, 0, 0, 0)}/outcome.json"
  document = {
    "schema": schema,
    "job": handle.job_id,
    "task": 0,
    "attempt": 0,
    "host": 0,
    "kind": "returned",
  }
  signed = signing.canonical(signing.sign(document, key))
  site.made.store.write(outcome, signed)
  with pytest.raises(ResultUnavailable, match=who) as caught:
    site.job(handle).result(60)
  assert caught.value.remedy == fix
