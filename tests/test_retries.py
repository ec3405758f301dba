"""Which attempt of a job has the last word."""

from __future__ import annotations

import json

import pytest
from attrs import evolve

from keras_remote_core import outcomes, stored
from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.model import Phase
from keras_remote_core.testing import MemoryStore
from keras_remote_runner import keys, outcome, signing

KEY = bytes(32)


@pytest.fixture
def handle(handle):
  return evolve(handle, attempts=2)


@pytest.fixture
def store():
  return MemoryStore()


def write(store, attempt, body, host=0):
  identity = outcome.Identity("train-1", 0, attempt, host)
  document = outcome.document(identity, body, started=0, ended=attempt + 1)
  place = keys.host("train-1", 0, attempt, host)
  store.write(f"{place}/start.json", b"{}")
  signed = json.dumps(signing.sign(document, KEY)).encode()
  store.write(f"{place}/outcome.json", signed)


def phase(store, handle):
  status = stored.status(store, handle)
  return status and status.phase


RETURNED = {
  "kind": "returned",
  "artifact": {"key": "k", "sha256": "s", "size": 1},
}


@pytest.mark.parametrize("reason", ["Killed", "Stopped", "Exited"])
def test_a_machines_failure_waits_for_the_next_attempt(store, handle, reason):
  write(store, 0, outcome.failed(reason, "gone"))
  assert outcomes.read(store, handle, KEY) is None
  assert phase(store, handle) is Phase.RUNNING
  write(store, 1, RETURNED)
  assert isinstance(outcomes.read(store, handle, KEY), outcomes.Returned)
  assert phase(store, handle) is Phase.SUCCEEDED


@pytest.mark.parametrize("reason", ["Timeout", "Tampered", "PythonMismatch"])
def test_what_would_fail_again_is_final_at_once(store, handle, reason):
  write(store, 0, outcome.failed(reason, "no use"))
  assert outcomes.read(store, handle, KEY) == outcomes.Failed(
    reason=reason, message="no use"
  )
  assert phase(store, handle) is Phase.FAILED


def test_the_last_attempts_failure_is_the_jobs(store, handle):
  write(store, 0, outcome.failed("Killed", "first"))
  write(store, 1, outcome.failed("Killed", "second"))
  last = outcomes.Failed(reason="Killed", message="second")
  assert outcomes.read(store, handle, KEY) == last
  assert phase(store, handle) is Phase.FAILED


def test_a_wrong_key_is_refused_for_any_attempt(store, handle):
  write(store, 1, RETURNED)
  with pytest.raises(KerasRemoteError, match="signature"):
    outcomes.read(store, handle, b"other" * 6)
