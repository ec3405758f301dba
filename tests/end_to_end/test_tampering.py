"""Who can only write to the store runs no code: neither in a job, nor here."""

from __future__ import annotations

import json
import os
import pickle

import pytest

import keras_remote
from keras_remote_core import index, testing
from keras_remote_core.errors import (
  JobFailed,
  Tampered,
  UnknownJob,
  UntrustedStore,
)
from keras_remote_core.model import Call
from keras_remote_core.testing import detached
from keras_remote_core.testing.site import Site
from keras_remote_runner import container


@pytest.fixture
def trap(tmp_path):
  """A value whose unpickling makes a file, and whether it did."""
  marker = tmp_path / "unpickled"

  class Trap:
    def __reduce__(self):
      return os.mkdir, (str(marker),)

  Trap.sprung = staticmethod(marker.exists)  # type: ignore[attr-defined]
  return Trap()


@pytest.fixture
def finished(remote):
  job = remote(lambda: {"accuracy": 0.9}).submit()
  assert job.result() == {"accuracy": 0.9}
  return job


@pytest.fixture
def place(finished, stored):
  """The folder of the finished job's only host."""
  return stored / "jobs" / finished.id / "tasks/0/attempts/0/hosts/0"


@pytest.fixture
def site(tmp_path):
  return Site.of(testing.plan(backend="local"), tmp_path)


def refuses(job):
  with pytest.raises(Tampered, match="nothing of it was unpickled") as caught:
    job.result()
  assert caught.value.remedy


def test_the_trap_works(trap, tmp_path):
  assert not trap.sprung()
  pickle.loads(pickle.dumps(trap))
  assert trap.sprung()


def test_a_replaced_result_is_refused(finished, place, trap):
  container.dump(trap, place / "result")
  refuses(finished)
  assert not trap.sprung()


def test_an_outcome_that_points_elsewhere_is_refused(finished, place, trap):
  written = container.dump(trap, place / "other")
  outcome = json.loads((place / "outcome.json").read_text())
  key = outcome["artifact"]["key"].replace("/result", "/other")
  outcome["artifact"] = {**written._asdict(), "key": key}
  (place / "outcome.json").write_text(json.dumps(outcome))
  refuses(finished)
  assert not trap.sprung()


@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_a_truncated_outcome_is_refused(finished, place, keep):
  whole = (place / "outcome.json").read_bytes()
  (place / "outcome.json").write_bytes(whole[:keep])
  refuses(finished)
  refuses(keras_remote.attach(finished.id))


@pytest.mark.parametrize("text", ["[]", "null", "{}", '"text"', "\0"])
def test_a_senseless_outcome_is_refused(finished, place, text):
  (place / "outcome.json").write_text(text)
  refuses(finished)


def test_another_jobs_outcome_is_refused(finished, place, remote, stored):
  other = remote(lambda: "other").submit()
  other.result()
  theirs = stored / "jobs" / other.id / "tasks/0/attempts/0/hosts/0"
  (place / "outcome.json").write_bytes((theirs / "outcome.json").read_bytes())
  refuses(finished)


def test_an_outcome_of_another_host_is_refused(remote, site):
  job = site.submit(lambda: 1)
  assert job.result() == 1
  store, key = site.made.store, "tasks/0/attempts/0/hosts/0/outcome.json"
  data = store.read(f"jobs/{job.id}/{key}")
  (ours,) = [h for h in keras_remote.jobs() if h.id == job.id]
  assert ours.result() == 1
  store.write(f"jobs/{job.id}/{key}", data.replace(b'"host":0', b'"host":1'))
  refuses(ours)


def test_a_status_of_a_senseless_outcome_is_still_a_status(finished, place):
  (place / "outcome.json").write_text("{")
  assert finished.status().reason
  assert finished.why()


def test_a_replaced_exception_is_refused(remote, stored, trap):
  def fail():
    raise ValueError("original")

  job = remote(fail).submit()
  with pytest.raises(ValueError, match="original"):
    job.result()
  place = stored / "jobs" / job.id / "tasks/0/attempts/0/hosts/0"
  container.dump(trap, place / "exception")
  refuses(job)
  assert not trap.sprung()


@pytest.mark.parametrize("part", ["function", "inputs"])
def test_a_replaced_payload_is_not_run(site, trap, stored, part):
  submission, handle = site.unsubmitted(lambda x: x, 1)
  manifest = json.loads(site.made.store.read(submission.staged.manifest_key))
  found = manifest[part] if part == "function" else manifest[part][0]
  container.dump(trap, stored / "blobs" / found["sha256"])
  index.remember(handle, submission.key)
  site.made.backend.submit(submission, handle)
  with pytest.raises(JobFailed, match="is not what was staged") as caught:
    site.job(handle).result()
  assert caught.value.reason == "Tampered"
  assert not trap.sprung()


def test_a_removed_payload_is_named(site, stored):
  submission, handle = site.unsubmitted(lambda x: x, 1)
  for path in (stored / "blobs").iterdir():
    path.unlink()
  index.remember(handle, submission.key)
  site.made.backend.submit(submission, handle)
  with pytest.raises(JobFailed, match="is not in the store") as caught:
    site.job(handle).result()
  assert caught.value.reason == "ArtifactMissing"


def test_a_changed_manifest_is_not_run(site, trap):
  submission, handle = site.unsubmitted(lambda x: x, 1)
  store, key = site.made.store, submission.staged.manifest_key
  manifest = json.loads(store.read(key))
  manifest["prelude"] = ["os:getcwd"]
  store.write(key, json.dumps(manifest).encode())
  index.remember(handle, submission.key)
  site.made.backend.submit(submission, handle)
  with pytest.raises(JobFailed, match="not the one that was submitted"):
    site.job(handle).result()


def test_a_handle_of_another_job_is_refused(finished, remote, stored):
  other = remote(lambda: "other").submit()
  other.result()
  ours, theirs = (
    stored / "jobs" / each.id / "handle.json" for each in (finished, other)
  )
  ours.write_bytes(theirs.read_bytes())
  index.forget(finished.id)
  with pytest.raises(Tampered, match=other.id):
    keras_remote.attach(finished.id)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}'])
def test_a_damaged_handle_is_no_job(finished, stored, text):
  (stored / "jobs" / finished.id / "handle.json").write_text(text)
  index.forget(finished.id)
  with pytest.raises((UnknownJob, keras_remote.KerasRemoteError)):
    keras_remote.attach(finished.id)


def test_without_the_key_only_an_explicit_word_unpickles(
  finished, monkeypatch, tmp_path
):
  url = f"{finished.handle.store_url}/jobs/{finished.id}"
  # Another machine: it has the store, and none of the keys.
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "another-home"))
  with pytest.raises(UntrustedStore, match="--trust-store"):
    keras_remote.attach(url).result()
  trusting = keras_remote.attach(url, trust_store=True)
  assert trusting.result() == {"accuracy": 0.9}


def test_a_submission_shows_no_secret_of_itself(site):
  call = Call(function=detached(lambda: 1))
  made = testing.submission(call, site.plan, site.made.context)
  assert made.key.hex() not in repr(made)
  assert repr(made.key) not in repr(made)
