"""The suite notices backends that start, find or stop jobs wrongly."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from typing import Any, ClassVar

import pytest
from attrs import evolve

from keras_remote_core import places
from keras_remote_core.builtin.local import launch
from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.errors import UnknownJob
from keras_remote_core.model import JobStatus, Phase
from keras_remote_core.testing import BackendConformance
from keras_remote_core.testing.backend_control import Control
from keras_remote_runner import keys

SUITE = BackendConformance


class StartsEveryTime(LocalBackend):
  def submit(self, submission, handle):
    folder = places.state_dir() / "local" / handle.job_id
    (folder / launch.PROCESS).unlink(missing_ok=True)
    super().submit(submission, handle)


class StartsWithTheClient(LocalBackend):
  waiting: ClassVar[set[str]] = set()

  def submit(self, submission, handle):
    def start():
      super(StartsWithTheClient, self).submit(submission, handle)
      self.waiting.discard(handle.job_id)

    self.waiting.add(handle.job_id)
    late = threading.Timer(0.3, start)
    late.daemon = True
    late.start()

  def status(self, handle):
    if handle.job_id in self.waiting:
      return JobStatus(phase=Phase.PENDING, reason="Starting")
    return super().status(handle)


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


class DeletesResults(LocalBackend):
  def delete(self, handle):
    super().delete(handle)
    self.store.delete(keys.job(handle.job_id))


class ReleasesOnce(LocalBackend):
  held: ClassVar[set[str]] = set()

  def submit(self, submission, handle):
    self.held.add(handle.job_id)
    super().submit(submission, handle)

  def release(self, handle):
    self.held.remove(handle.job_id)


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


class HidesTimeouts(LocalBackend):
  """Cancels what takes too long, so that nobody learns of it."""

  def submit(self, submission, handle):
    plan = submission.plan
    if plan.timeout is not None:
      submission = self.unlimited(submission)
    super().submit(submission, handle)
    if plan.timeout is not None:
      while self.status(handle).phase is Phase.PENDING:
        time.sleep(0.01)
      self.store.write(keys.cancelled(handle.job_id), b"")
      self.cancel(handle)

  def unlimited(self, submission):
    key = submission.staged.manifest_key
    manifest = {**json.loads(self.store.read(key)), "timeout": None}
    data = json.dumps(manifest).encode()
    self.store.write(key, data)
    digest = hashlib.sha256(data).hexdigest()
    arguments = (*submission.arguments[:-1], f"--manifest={digest}")
    return evolve(submission, arguments=arguments)


BROKEN: dict[Any, set[Any]] = {
  NamesByTheClock: {SUITE.test_a_handle_is_the_same_whenever_it_is_made},
  StartsEveryTime: {SUITE.test_submitting_twice_starts_once},
  StartsWithTheClient: {SUITE.test_a_job_outlives_the_client_that_submitted_it},
  CancelsOnce: {
    SUITE.test_a_cancelled_job_stops_and_can_be_cancelled_again,
    SUITE.test_cancelling_leaves_a_job_that_has_ended_as_it_is,
  },
  DeletesOnce: {SUITE.test_deleting_stops_a_job_and_can_be_done_again},
  DeletesResults: {SUITE.test_a_deleted_job_leaves_its_result_in_the_store},
  ReleasesOnce: {SUITE.test_what_an_ended_job_holds_is_freed_as_often_as_asked},
  HopesForever: {SUITE.test_a_job_that_never_was_is_answered_for},
  ListsNothing: {SUITE.test_its_jobs_are_listed_newest_first},
  ListsOldestFirst: {SUITE.test_its_jobs_are_listed_newest_first},
  KeepsTheKey: {SUITE.test_another_process_collects_with_only_the_id},
  HidesTimeouts: {SUITE.test_a_function_that_takes_too_long_is_stopped},
}


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, jobs_fail):
  assert jobs_fail(broken, tests) == {test.__name__ for test in tests}


def test_every_promise_has_a_backend_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  assert tests_of(Control) <= tried


def test_the_suite_is_content_with_the_unbroken_one(jobs_fail):
  assert (
    jobs_fail(LocalBackend, {SUITE.test_submitting_twice_starts_once}) == set()
  )
