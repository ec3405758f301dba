"""The suite notices backends that start, find or stop jobs wrongly."""

from __future__ import annotations

import threading
import time

import pytest
from attrs import evolve

from keras_remote_core import places
from keras_remote_core.builtin.local import launch
from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.errors import UnknownJob
from keras_remote_core.model import JobStatus, Phase
from keras_remote_core.testing import BackendConformance

SUITE = BackendConformance()


class StartsEveryTime(LocalBackend):
  def submit(self, submission, handle):
    folder = places.state_dir() / "local" / handle.job_id
    (folder / launch.PROCESS).unlink(missing_ok=True)
    super().submit(submission, handle)


class StartsWithTheClient(LocalBackend):
  def submit(self, submission, handle):
    late = threading.Timer(1, super().submit, (submission, handle))
    late.daemon = True
    late.start()


class NamesByTheClock(LocalBackend):
  def handle(self, submission):
    native = str(time.monotonic_ns())
    return evolve(super().handle(submission), native_id=native)


class CancelsOnce(LocalBackend):
  def cancel(self, handle):
    if self.status(handle).phase.terminal:
      raise UnknownJob(f"no such job: {handle.job_id}")
    super().cancel(handle)


class DeletesOnce(LocalBackend):
  def delete(self, handle):
    if self.key(handle) is None:
      raise UnknownJob(f"no such job: {handle.job_id}")
    super().delete(handle)


class HopesForever(LocalBackend):
  def status(self, handle):
    if self.key(handle) is None:
      return JobStatus(phase=Phase.PENDING, reason="Starting")
    return super().status(handle)


class ListsNothing(LocalBackend):
  def list(self):
    return iter(())


class ListsOldestFirst(LocalBackend):
  def list(self):
    return iter(list(super().list())[::-1])


class KeepsTheKey(LocalBackend):
  def key(self, handle):
    del handle


@pytest.mark.parametrize(
  ("broken", "test"),
  [
    (StartsEveryTime, SUITE.test_submitting_twice_starts_once),
    (
      StartsWithTheClient,
      SUITE.test_a_job_outlives_the_client_that_submitted_it,
    ),
    (NamesByTheClock, SUITE.test_a_handle_is_the_same_whenever_it_is_made),
    (CancelsOnce, SUITE.test_a_cancelled_job_stops_and_can_be_cancelled_again),
    (CancelsOnce, SUITE.test_cancelling_leaves_a_job_that_has_ended_as_it_is),
    (DeletesOnce, SUITE.test_deleting_stops_a_job_and_can_be_done_again),
    (HopesForever, SUITE.test_a_job_that_never_was_is_answered_for),
    (ListsNothing, SUITE.test_its_jobs_are_listed_newest_first),
    (ListsOldestFirst, SUITE.test_its_jobs_are_listed_newest_first),
    (KeepsTheKey, SUITE.test_another_process_collects_with_only_the_id),
  ],
)
def test_the_suite_notices(broken, test, noticed):
  assert noticed(SUITE, broken, test)


def test_the_suite_is_content_with_the_unbroken_one(noticed):
  assert not noticed(
    SUITE, LocalBackend, SUITE.test_submitting_twice_starts_once
  )
