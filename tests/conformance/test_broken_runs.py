"""The suite notices backends that tell too little or too much of a job."""

from __future__ import annotations

import hashlib
import json

import pytest
from attrs import evolve

from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.model import Phase
from keras_remote_core.testing import BackendConformance
from keras_remote_runner import keys

SUITE = BackendConformance()


class NeverStarts(LocalBackend):
  def submit(self, submission, handle):
    del submission, handle


class ReversesLogs(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    return iter(list(super().logs(handle, follow, since))[::-1])


class LogsAfterwardsOnly(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    return super().logs(handle, False, since)


class IgnoresSince(LocalBackend):
  def logs(self, handle, follow=False, since=None):
    return super().logs(handle, follow)


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


class MakesKeysUp(LocalBackend):
  def key(self, handle):
    return super().key(handle) or bytes(32)


class AcceptsAnyManifest(LocalBackend):
  def submit(self, submission, handle):
    data = self.store.read(submission.staged.manifest_key)
    digest = hashlib.sha256(data).hexdigest()
    arguments = (*submission.arguments[:-1], f"--manifest={digest}")
    super().submit(evolve(submission, arguments=arguments), handle)


@pytest.mark.parametrize(
  ("broken", "test"),
  [
    (NeverStarts, SUITE.test_a_value_comes_back),
    (NeverStarts, SUITE.test_an_exception_comes_back_as_itself),
    (ReversesLogs, SUITE.test_logs_come_in_order_while_it_runs_and_afterwards),
    (
      LogsAfterwardsOnly,
      SUITE.test_logs_come_in_order_while_it_runs_and_afterwards,
    ),
    (IgnoresSince, SUITE.test_logs_can_be_asked_for_since_a_moment),
    (WatchesBriefly, SUITE.test_a_watch_ends_with_a_terminal_status),
    (GivesNoReason, SUITE.test_a_terminal_status_gives_a_reason_and_stays),
    (SwallowsFailures, SUITE.test_a_terminal_status_gives_a_reason_and_stays),
    (
      SwallowsFailures,
      SUITE.test_a_killed_function_is_reported_with_its_last_lines,
    ),
    (ShowsTheKey, SUITE.test_secrets_reach_the_job_and_nothing_that_is_written),
    (
      StoresSecrets,
      SUITE.test_secrets_reach_the_job_and_nothing_that_is_written,
    ),
    (
      ForgetsSecrets,
      SUITE.test_secrets_reach_the_job_and_nothing_that_is_written,
    ),
    (
      RendersKeys,
      SUITE.test_what_it_would_create_is_plain_data_without_secrets,
    ),
    (MakesKeysUp, SUITE.test_a_job_whose_key_is_gone_is_not_trusted),
    (AcceptsAnyManifest, SUITE.test_a_changed_manifest_is_not_run),
  ],
)
def test_the_suite_notices(broken, test, noticed):
  assert noticed(SUITE, broken, test)
