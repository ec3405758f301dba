"""Starting once, finding again, stopping, and removing."""

from __future__ import annotations

import pytest

from keras_remote_core import index, wire
from keras_remote_core.errors import JobCancelled, JobTimeout
from keras_remote_core.job import Job
from keras_remote_core.model import Phase
from keras_remote_core.roles import Releasing
from keras_remote_core.testing import functions
from keras_remote_core.testing.backend_part import Part
from keras_remote_core.testing.racing import race
from keras_remote_core.testing.site import Site
from keras_remote_runner import keys


class Control(Part):
  def test_a_handle_is_the_same_whenever_it_is_made(self, site: Site) -> None:
    submission, handle = site.unsubmitted(functions.add, 1)
    backend = site.made.backend
    assert backend.handle(submission) == handle
    assert wire.decode_handle(wire.encode(handle)) == handle

  def test_submitting_twice_starts_once(self, site: Site) -> None:
    submission, handle = site.unsubmitted(functions.sleep, 0.5)
    index.remember(handle, submission.key)
    backend = site.made.backend
    race(lambda _: backend.submit(submission, handle), 2)
    backend.submit(submission, handle)
    job = site.job(handle)
    assert job.result(self.patience) == "awake"
    assert [line.text for line in job.logs()] == ["asleep"]
    # The runner sees off a second start, and leaves a trace of it.
    stored = [each.key for each in site.made.store.list(keys.job(job.id))]
    assert not [key for key in stored if "/again/" in key]

  def test_a_cancelled_job_stops_and_can_be_cancelled_again(
    self, site: Site
  ) -> None:
    self.needs("detached")
    job = self._asleep(site)
    job.cancel()
    site.made.backend.cancel(job.handle)
    with pytest.raises(JobCancelled):
      job.result(self.patience)
    assert job.status().phase is Phase.CANCELLED

  def test_cancelling_leaves_a_job_that_has_ended_as_it_is(
    self, site: Site
  ) -> None:
    job = site.submit(functions.add, 1, 1)
    assert job.result(self.patience) == 2
    site.made.backend.cancel(job.handle)
    assert job.status().phase is Phase.SUCCEEDED
    assert job.result(self.patience) == 2

  def test_deleting_stops_a_job_and_can_be_done_again(self, site: Site) -> None:
    self.needs("detached")
    job = self._asleep(site)
    backend = site.made.backend
    backend.delete(job.handle)
    backend.delete(job.handle)
    assert job.status().phase.terminal
    if self.capabilities.jobs:
      assert job.id not in [handle.job_id for handle in backend.list()]

  def test_a_deleted_job_leaves_its_result_in_the_store(
    self, site: Site
  ) -> None:
    handle = site.submit(functions.add, 1, 1).handle
    assert site.job(handle).result(self.patience) == 2
    site.made.backend.delete(handle)
    site.made.backend.delete(handle)
    assert site.job(handle).result(self.patience) == 2

  def test_what_an_ended_job_holds_is_freed_as_often_as_asked(
    self, site: Site
  ) -> None:
    backend = site.made.backend
    if not isinstance(backend, Releasing):
      pytest.skip("it has no release(): ended jobs hold nothing")
    handle = site.submit(functions.add, 1, 1).handle
    assert site.job(handle).result(self.patience) == 2
    backend.release(handle)
    backend.release(handle)
    assert site.job(handle).result(self.patience) == 2

  def test_a_job_that_never_was_is_answered_for(self, site: Site) -> None:
    _, unknown = site.unsubmitted(functions.add, 1)
    backend = site.made.backend
    backend.cancel(unknown)
    backend.delete(unknown)
    status = backend.status(unknown)
    assert status.phase.terminal
    assert status.phase is not Phase.SUCCEEDED
    assert status.reason
    assert list(backend.logs(unknown)) == []
    assert backend.key(unknown) is None

  def test_its_jobs_are_listed_newest_first(self, site: Site) -> None:
    self.needs("jobs")
    handles = [site.submit(functions.add, n).handle for n in range(2)]
    listed = list(site.made.backend.list())
    created = [handle.created for handle in listed]
    assert created == sorted(created, reverse=True)
    assert {each.job_id for each in handles} <= {each.job_id for each in listed}

  def test_another_process_collects_with_only_the_id(self, site: Site) -> None:
    self.needs("key")
    job = site.submit(functions.sleep, 0.1)
    # As on a machine that did not submit it.
    index.forget(job.id)
    value, lines = site.collect_elsewhere(job.id, self.patience)
    assert (value, lines) == ("awake", ["asleep"])

  def test_a_job_outlives_the_client_that_submitted_it(
    self, site: Site
  ) -> None:
    self.needs("detached")
    job_id = site.submit_and_die(functions.sleep, 0.5, seconds=self.patience)
    value, lines = site.collect_elsewhere(job_id, self.patience)
    assert (value, lines) == ("awake", ["asleep"])

  def test_a_function_that_takes_too_long_is_stopped(self, site: Site) -> None:
    # Long enough that a busy machine has begun the function by then.
    job = site.submit(functions.sleep, 600, timeout=3)
    with pytest.raises(JobTimeout) as caught:
      job.result(self.patience)
    assert caught.value.reason == "Timeout"
    assert caught.value.lines == ("asleep",)

  def _asleep(self, site: Site) -> Job[str]:
    """A job that has begun and would take for ever."""
    job = site.submit(functions.sleep, 600)
    first = next(iter(job.logs(follow=True)))
    assert first.text == "asleep"
    assert job.status().phase is Phase.RUNNING
    assert site.made.store.exists(keys.handle(job.id))
    return job
