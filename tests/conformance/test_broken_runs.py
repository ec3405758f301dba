"""The suite notices backends that tell too little or too much of a job."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from attrs import evolve

from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.model import Phase
from keras_remote_core.testing import BackendConformance
from keras_remote_core.testing.backend_runs import Runs
from keras_remote_runner import keys

SUITE = BackendConformance


class NeverStarts(LocalBackend):
  def submit(self, submission, handle):
    del submission, handle


class ReversesLogs(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    return iter(list(super().logs(handle, follow, since))[::-1])


class LogsAfterwardsOnly(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    return super().logs(handle, False, since)


class TrimsLines(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    for line in super().logs(handle, follow, since):
      yield evolve(line, text=line.text.strip())


class IgnoresSince(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    return super().logs(handle, follow)


class MixesJobs(LocalBackend):
  """Shows the lines of the job that was submitted last."""

  def logs(self, handle, follow=False, since=None):
    last = next(iter(super().list()), handle)
    return super().logs(last, follow, since)


class WatchesBriefly(LocalBackend):
  def watch(self, handle):
    yield self.status(handle)


class GivesNoReason(LocalBackend):
  def status(self, handle):
    return evolve(super().status(handle), reason="")


class SwallowsFailures(LocalBackend):
  def status(self, handle):
    known = super().status(handle)
    failed = known.phase is Phase.FAILED
    return evolve(known, phase=Phase.SUCCEEDED) if failed else known


class ShowsTheKey(LocalBackend):
  def submit(self, submission, handle):
    key = f"{keys.job(handle.job_id)}/debug.txt"
    self.store.write(key, submission.key.hex().encode())
    super().submit(submission, handle)


class StoresSecrets(LocalBackend):
  def submit(self, submission, handle):
    key = f"{keys.job(handle.job_id)}/environment.json"
    self.store.write(key, json.dumps(dict(submission.secrets)).encode())
    super().submit(submission, handle)


class ForgetsSecrets(LocalBackend):
  def submit(self, submission, handle):
    super().submit(evolve(submission, secrets={}), handle)


class RendersKeys(LocalBackend):
  def render(self, submission):
    return [{"environment": {"KERAS_REMOTE_KEY": submission.key.hex()}}]


class DropsVariables(LocalBackend):
  def submit(self, submission, handle):
    super().submit(rewritten(self.store, submission, env={}), handle)


class HandsTheKeyOn(LocalBackend):
  def submit(self, submission, handle):
    env = {"KERAS_REMOTE_KEY": submission.key.hex()}
    super().submit(rewritten(self.store, submission, env=env), handle)


class ClaimsNothing(LocalBackend):
  capabilities: frozenset[str] = frozenset()


BROKEN: dict[Any, set[Any]] = {
  NeverStarts: {
    SUITE.test_a_value_comes_back,
    SUITE.test_an_exception_comes_back_as_itself,
    SUITE.test_logs_come_in_order_while_it_runs_and_afterwards,
  },
  ReversesLogs: {SUITE.test_logs_come_in_order_while_it_runs_and_afterwards},
  LogsAfterwardsOnly: {
    SUITE.test_logs_come_in_order_while_it_runs_and_afterwards
  },
  TrimsLines: {SUITE.test_lines_come_exactly_as_they_were_printed},
  IgnoresSince: {SUITE.test_logs_can_be_asked_for_since_a_moment},
  MixesJobs: {SUITE.test_jobs_side_by_side_are_told_apart},
  WatchesBriefly: {SUITE.test_a_watch_ends_with_a_terminal_status},
  GivesNoReason: {SUITE.test_a_terminal_status_gives_a_reason_and_stays},
  SwallowsFailures: {SUITE.test_a_terminal_status_gives_a_reason_and_stays},
  DropsVariables: {SUITE.test_variables_reach_the_job},
  HandsTheKeyOn: {
    SUITE.test_its_own_key_is_kept_from_the_function,
    SUITE.test_secrets_reach_the_job_and_nothing_that_is_written,
  },
  ClaimsNothing: {SUITE.test_its_provider_claims_what_it_can_do},
  ShowsTheKey: {SUITE.test_secrets_reach_the_job_and_nothing_that_is_written},
  StoresSecrets: {SUITE.test_secrets_reach_the_job_and_nothing_that_is_written},
  ForgetsSecrets: {
    SUITE.test_secrets_reach_the_job_and_nothing_that_is_written
  },
  RendersKeys: {SUITE.test_what_it_would_create_is_plain_data_without_secrets},
}


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, jobs_fail):
  assert jobs_fail(broken, tests) == {test.__name__ for test in tests}


def test_every_promise_has_a_backend_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  assert tests_of(Runs) <= tried


def rewritten(store, submission, **changes):
  """A submission whose manifest says something else."""
  key = submission.staged.manifest_key
  data = json.dumps({**json.loads(store.read(key)), **changes}).encode()
  store.write(key, data)
  digest = hashlib.sha256(data).hexdigest()
  arguments = (*submission.arguments[:-1], f"--manifest={digest}")
  return evolve(submission, arguments=arguments)
