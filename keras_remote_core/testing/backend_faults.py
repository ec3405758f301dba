"""Jobs that are killed, and stores that lie."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

import pytest

from keras_remote_core import index
from keras_remote_core.errors import JobFailed, Tampered, UntrustedStore
from keras_remote_core.job import Job
from keras_remote_core.model import Phase
from keras_remote_core.testing import functions
from keras_remote_core.testing.backend_part import Part
from keras_remote_core.testing.site import Site
from keras_remote_runner import keys, signing


class Faults(Part):
  def test_a_killed_function_is_reported_with_its_last_lines(
    self, site: Site
  ) -> None:
    job = site.submit(functions.kill_itself)
    with pytest.raises(JobFailed) as caught:
      job.result(self.patience)
    assert caught.value.reason == "Killed"
    assert caught.value.lines[-1] == "last words"
    assert job.status().phase is Phase.FAILED

  def test_a_forged_outcome_is_refused(self, site: Site) -> None:
    job = site.submit(functions.add, 1, 1)
    assert job.result(self.patience) == 2
    forged = signing.sign(
      {**_unsigned(job, site), "ended": 0.0}, secrets.token_bytes(32)
    )
    _replace(job, site, forged)
    with pytest.raises(Tampered, match="nothing of it was unpickled"):
      job.result(self.patience)

  def test_a_replaced_result_is_refused(self, site: Site) -> None:
    job = site.submit(functions.add, 1, 1)
    assert job.result(self.patience) == 2
    result = f"{_place(job)}/result"
    site.made.store.write(result, site.made.store.read(result) + b"\0")
    with pytest.raises(Tampered, match="nothing of it was unpickled"):
      job.result(self.patience)

  def test_a_changed_manifest_is_not_run(self, site: Site) -> None:
    submission, handle = site.unsubmitted(functions.add, 1, 1)
    index.remember(handle, submission.key)
    store, key = site.made.store, submission.staged.manifest_key
    store.write(key, store.read(key).replace(b'"env":{}', b'"env":{"A":"1"}'))
    site.made.backend.submit(submission, handle)
    with pytest.raises(JobFailed) as caught:
      site.job(handle).result(self.patience)
    assert caught.value.reason == "Tampered"

  def test_a_job_whose_key_is_gone_is_not_trusted(self, site: Site) -> None:
    submission, handle = site.unsubmitted(functions.add, 1, 1)
    del submission
    with pytest.raises(UntrustedStore, match="--trust-store"):
      site.job(handle).collect()


def _place(job: Job[Any]) -> str:
  return keys.host(job.id, 0, 0, 0)


def _unsigned(job: Job[Any], site: Site) -> dict[str, Any]:
  data = site.made.store.read(f"{_place(job)}/outcome.json")
  document: dict[str, Any] = json.loads(data)
  del document["signature"]
  return document


def _replace(job: Job[Any], site: Site, outcome: Mapping[str, Any]) -> None:
  key = f"{_place(job)}/outcome.json"
  site.made.store.write(key, signing.canonical(outcome))
