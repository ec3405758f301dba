"""The suite notices backends that trust what they should not."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from attrs import evolve

from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.model import Phase
from keras_remote_core.testing import BackendConformance
from keras_remote_core.testing.backend_faults import Faults

SUITE = BackendConformance


class HidesKills(LocalBackend):
  def status(self, handle):
    known = super().status(handle)
    killed = known.reason == "Killed"
    return evolve(known, phase=Phase.SUCCEEDED) if killed else known


class MakesKeysUp(LocalBackend):
  def key(self, handle):
    return super().key(handle) or bytes(32)


class AcceptsAnyManifest(LocalBackend):
  def submit(self, submission, handle):
    data = self.store.read(submission.staged.manifest_key)
    digest = hashlib.sha256(data).hexdigest()
    arguments = (*submission.arguments[:-1], f"--manifest={digest}")
    super().submit(evolve(submission, arguments=arguments), handle)


BROKEN: dict[Any, set[Any]] = {
  HidesKills: {SUITE.test_a_killed_function_is_reported_with_its_last_lines},
  MakesKeysUp: {SUITE.test_a_job_whose_key_is_gone_is_not_trusted},
  AcceptsAnyManifest: {SUITE.test_a_changed_manifest_is_not_run},
}


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, jobs_fail):
  assert jobs_fail(broken, tests) == {test.__name__ for test in tests}


def test_every_promise_has_a_backend_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  # The client keeps these, whatever the backend does.
  clients = {
    SUITE.test_a_forged_outcome_is_refused.__name__,
    SUITE.test_a_replaced_result_is_refused.__name__,
  }
  assert tests_of(Faults) - tried == clients
