"""What several hosts of a job say, made into one word."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from keras_remote_core import outcomes, results, stored
from keras_remote_core.errors import JobFailed
from keras_remote_core.model import Phase
from keras_remote_core.testing import MemoryStore
from keras_remote_runner import keys, logs, outcome, signing

KEY = bytes(32)
ARTIFACT = {"key": "result", "sha256": "0" * 64, "size": 1}


@pytest.fixture
def store():
  return MemoryStore()


@pytest.fixture
def several(handle):
  return evolve(handle, processes=3)


@pytest.fixture
def say(store, several):
  """Writes a host's outcome."""

  def write(host, body, ended=1.0):
    identity = outcome.Identity(several.job_id, 0, 0, host)
    document = outcome.document(identity, body, started=0.0, ended=ended)
    place = keys.host(several.job_id, 0, 0, host)
    store.write(f"{place}/start.json", b"{}")
    data = signing.canonical(signing.sign(document, KEY))
    store.write(f"{place}/outcome.json", data)

  return write


@pytest.fixture
def told(store, several):
  """What the job came to, as who may verify it sees it."""

  def read() -> Any:
    return outcomes.read(store, several, KEY)

  return read


@pytest.fixture
def status(store, several):
  """Where the job stands, as anybody sees it."""

  def read() -> Any:
    return stored.status(store, several)

  return read


@pytest.fixture
def collect(store, several, told):
  def read() -> Any:
    return results.value(told(), several, store, lambda path: path)

  return read


RETURNED = {"kind": "returned", "artifact": ARTIFACT}


def test_a_job_has_returned_once_all_of_its_hosts_have(told, status, say):
  say(0, RETURNED)
  say(1, RETURNED)
  assert told() is None
  assert status().phase is Phase.RUNNING
  say(2, RETURNED)
  assert isinstance(told(), outcomes.Returned)
  assert status().phase is Phase.SUCCEEDED


def test_the_first_failure_counts_and_not_those_it_led_to(told, status, say):
  say(0, outcome.failed("Exited", "lost the others"), ended=3.0)
  say(1, outcome.failed("Killed", "ran out of memory"), ended=2.0)
  say(2, RETURNED)
  found = told()
  assert (found.reason, found.host) == ("Killed", 1)
  assert status().reason == "Killed"


def test_a_host_that_was_stopped_did_not_fail_first(told, status, say):
  say(0, outcome.stopped(), ended=1.0)
  say(2, outcome.failed("Killed", "ran out of memory"), ended=2.0)
  assert told().reason == "Killed"
  assert status().reason == "Killed"


def test_a_failure_comes_with_the_last_lines_of_the_other_hosts(
  store, several, say, collect
):
  say(1, outcome.failed("Killed", "ran out of memory"))
  for host in range(3):
    place = keys.host(several.job_id, 0, 0, host)
    lines = [(1.0, f"{host}: step {step}") for step in range(9)]
    store.write(f"{place}/logs/000000.jsonl", logs.encode(lines))
  with pytest.raises(JobFailed, match="ran out of memory") as caught:
    collect()
  assert [each.splitlines()[0] for each in caught.value.__notes__] == [
    "on host 1 of 3",
    "host 0 printed last:",
    "host 2 printed last:",
  ]
  assert caught.value.__notes__[1].endswith("\n  0: step 8")
  assert "0: step 3" not in caught.value.__notes__[1]


def test_lines_that_are_no_lines_are_left_out(store, several, say, collect):
  say(1, outcome.failed("Killed", "ran out of memory"))
  place = keys.host(several.job_id, 0, 0, 0)
  store.write(f"{place}/logs/000000.jsonl", b"[1]\nnot json")
  with pytest.raises(JobFailed) as caught:
    collect()
  assert caught.value.__notes__ == ["on host 1 of 3"]
