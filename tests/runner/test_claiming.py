"""Of several starts of a host, one at a time runs the function."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from keras_remote_core import chosen, testing
from keras_remote_core.builtin.file_remote import FolderStore
from keras_remote_core.model import Call
from keras_remote_core.testing import functions
from keras_remote_core.testing.site import Site
from keras_remote_runner import claiming, keys, outcome
from keras_remote_runner.attempt import Refused
from keras_remote_runner.claiming import Claims, Concluded


@pytest.fixture
def store(tmp_path):
  return FolderStore(tmp_path / "store")


@pytest.fixture
def claims(store):
  return Claims(store, lambda attempt, name: f"{attempt}/{name}")


def held(store, attempt=0, host="elsewhere", pid=1, pod=""):
  marker = {"host": host, "pid": pid, "pod": pod, "started": 0.0}
  store.write(f"{attempt}/start.json", json.dumps(marker).encode())


def ended(store, body, attempt=0):
  document = {"attempt": attempt, **body}
  store.write(f"{attempt}/outcome.json", json.dumps(document).encode())


def dead_pid():
  with subprocess.Popen([sys.executable, "-c", ""]) as process:
    return process.pid


def test_the_first_start_gets_the_first_attempt(claims):
  assert claims.take(2, 0.0) == 0


@pytest.mark.parametrize(
  ("body", "code"),
  [
    ({"kind": "returned"}, 0),
    ({"kind": "raised"}, 42),
    (outcome.failed("Timeout", ""), 43),
  ],
)
def test_what_had_the_last_word_is_repeated_and_not_run(
  store, claims, body, code
):
  held(store)
  ended(store, body)
  with pytest.raises(Concluded) as caught:
    claims.take(2, 0.0)
  assert caught.value.code == code


def test_an_attempt_that_a_machine_cost_is_followed_by_the_next(store, claims):
  held(store)
  ended(store, outcome.failed("Killed", ""))
  assert claims.take(2, 0.0) == 1


def test_a_process_of_this_machine_that_is_gone_is_not_waited_for(
  store, claims
):
  held(store, host=socket.gethostname(), pid=dead_pid())
  with pytest.raises(Refused, match="may not run more often"):
    claims.take(1, 0.0)


def test_a_container_that_restarts_with_the_same_numbers_is_not_waited_for(
  store, claims
):
  held(store, host=socket.gethostname(), pid=os.getpid())
  assert claims.take(2, 0.0) == 1


def test_another_pod_with_the_same_numbers_is_waited_for(
  store, claims, monkeypatch
):
  def look_again(seconds):
    ended(store, {"kind": "returned"})

  monkeypatch.setattr(time, "sleep", look_again)
  monkeypatch.setenv(claiming.POD, "second")
  held(store, host=socket.gethostname(), pid=os.getpid(), pod="first")
  with pytest.raises(Concluded):
    claims.take(2, 0.0)


def test_silence_from_another_machine_counts_as_death(
  store, claims, monkeypatch
):
  monkeypatch.setattr(claiming, "SILENCE", 0.2)
  held(store)
  assert claims.take(2, 0.0) == 1


def test_a_start_beside_a_living_one_waits_for_its_outcome(
  store, claims, monkeypatch
):
  monkeypatch.setattr(claiming, "SILENCE", 3.0)
  monkeypatch.setattr(claiming, "PULSE", 0.2)
  held(store)
  first = Claims(store, lambda attempt, name: f"{attempt}/{name}")

  def work():
    with first.alive(0):
      time.sleep(4.0)
      ended(store, {"kind": "returned"})

  working = threading.Thread(target=work)
  working.start()
  with pytest.raises(Concluded):
    claims.take(2, 0.0)
  working.join()


def test_two_starts_at_once_run_the_function_once(tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  site = Site.of(testing.plan(backend="local"), tmp_path)
  call = Call(function=testing.detached(functions.sleep), args=(1.0,))
  made = testing.submission(call, site.fresh(), site.made.context)
  (tmp_path / "runner.pyz").write_bytes(made.runner)
  command = [sys.executable, str(tmp_path / "runner.pyz"), *made.arguments]
  env = {**os.environ, "KERAS_REMOTE_KEY": made.key.hex()}
  started = [
    subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    for _ in range(2)
  ]
  assert [each.wait() for each in started] == [0, 0]
  reader = chosen.make(site.plan.result_reader, site.made.context)
  place = keys.host(made.plan.job_id, 0, 0, 0)
  site.made.store.get(f"{place}/result", tmp_path / "result")
  assert reader(tmp_path / "result") == "awake"
  chunk = site.made.store.read(f"{place}/logs/000000.jsonl")
  assert chunk.count(b"asleep") == 1
