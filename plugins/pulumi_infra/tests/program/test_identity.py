"""Jobs of a profile act as whom the program let in."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_pulumi_infra import profile


@pytest.mark.parametrize(
  ("accelerator", "backend"),
  [("cpu", "gke"), ("l4", "gke"), ("v6e-4x4", "pathways")],
)
def test_jobs_act_as_the_account_that_may_use_the_bucket(
  configured, made, accelerator, backend
):
  changes = {"namespace": "team-a", "service_account": "trainer"}
  exports = made(**changes).exports
  profile.save(configured(**changes), exports, None, None)
  plan = testing.plan(accelerator=accelerator)
  assert plan.backend.name == backend
  account = plan.backend.settings.service_account
  place = f"/ns/{plan.place.namespace}/sa/{account}"
  assert exports["jobs_account"].endswith(place)
  assert plan.store.url == f"gs://{exports['bucket']}"
