"""Waiting: for a status, for hardware, by several at once."""

from __future__ import annotations

import concurrent.futures
import time
from typing import Any

import pytest

from keras_remote_core import waiting
from keras_remote_core.model import JobStatus, Phase

PENDING = JobStatus(phase=Phase.PENDING)
RUNNING = JobStatus(phase=Phase.RUNNING)
DONE = JobStatus(phase=Phase.SUCCEEDED)


class Scripted:
  """A backend whose watch gives what it is told, one list per call."""

  def __init__(self, *calls):
    self._calls = list(calls)

  def watch(self, handle):
    for each in self._calls.pop(0):
      if isinstance(each, Exception):
        raise each
      yield each


def watcher(handle, *calls):
  backend: Any = Scripted(*calls)
  return waiting.Watcher(backend, handle)


def test_each_of_several_waiters_sees_every_status(handle):
  made = watcher(handle, [PENDING, RUNNING, DONE])

  def see(_):
    return [made.status(number, 5) for number in range(3)]

  with concurrent.futures.ThreadPoolExecutor(3) as pool:
    assert list(pool.map(see, range(3))) == [[PENDING, RUNNING, DONE]] * 3


def test_a_watch_that_ends_early_is_asked_again(handle, monkeypatch):
  monkeypatch.setattr(waiting, "_PAUSE", 0)
  made = watcher(handle, [RUNNING], [], [RUNNING, DONE])
  assert [made.status(n, 5) for n in range(3)] == [RUNNING, RUNNING, DONE]


def test_what_a_watch_raises_is_raised_and_the_next_wait_watches_anew(handle):
  made = watcher(handle, [OSError("gone")], [DONE])
  with pytest.raises(OSError, match="gone"):
    made.status(0, 5)
  assert made.status(0, 5) == DONE


def test_a_wait_ends_without_a_status_when_its_time_runs_out(handle):
  made = watcher(handle, [RUNNING, DONE])
  assert made.status(1, 5) == DONE
  assert made.status(2, 0.01) is None


def test_only_a_job_known_to_be_pending_can_wait_too_long():
  long_ago = time.monotonic() - 100
  patience = waiting.Patience(long_ago, pending=5, timeout=None)
  assert patience.overdue(PENDING)
  assert not patience.overdue(None)
  assert not patience.overdue(RUNNING)
  assert patience.left(RUNNING) is None


def test_the_sooner_of_two_limits_counts():
  now = time.monotonic()
  for pending, timeout in ((100, 5), (5, 100)):
    left = waiting.Patience(now, pending, timeout).left(PENDING)
    assert left is not None
    assert left <= 5
  assert waiting.Patience(now, None, None).left(PENDING) is None
