"""What the job saw of its end, and what the backend knows of the cause."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keras_remote_core import index
from keras_remote_core.errors import JobFailed, StoreError
from keras_remote_core.job import Job
from keras_remote_core.model import JobStatus, Phase
from keras_remote_core.registry import Registry
from keras_remote_core.testing import MemoryStore
from keras_remote_runner import keys, outcome, signing

KEY = bytes(32)


class Knowing:
  """A backend's word on a job that has ended."""

  def __init__(self, answer):
    self.answer = answer

  def status(self, handle):
    if isinstance(self.answer, Exception):
      raise self.answer
    return self.answer


def failure(handle, reason, answer):
  """What collecting a job raises whose runner signed this reason."""
  store = MemoryStore()
  identity = outcome.Identity(handle.job_id, 0, 0, 0)
  body = outcome.failed(reason, "it was told to stop")
  signed = signing.sign(
    outcome.document(identity, body, started=0, ended=1), KEY
  )
  place = keys.host(handle.job_id, 0, 0, 0)
  store.write(f"{place}/outcome.json", json.dumps(signed).encode())
  index.remember(handle, KEY)
  backend: Any = Knowing(answer)
  job: Job[Any] = Job(
    handle=handle,
    backend=backend,
    store=store,
    reader=lambda path: path,
    registry=Registry(()),
  )
  with pytest.raises(JobFailed) as caught:
    job.collect()
  return caught.value


PREEMPTED = JobStatus(
  phase=Phase.FAILED,
  reason="Preempted",
  message="the node was taken away",
  remedy="retries=2",
)


def test_a_stop_is_told_by_its_cause_where_the_backend_knows_it(handle):
  error = failure(handle, "Stopped", PREEMPTED)
  assert (error.reason, error.remedy) == ("Preempted", "retries=2")
  assert "it was told to stop: the node was taken away" in str(error)


def test_what_the_job_knows_best_itself_is_left_as_it_is(handle):
  assert failure(handle, "Timeout", PREEMPTED).reason == "Timeout"


def test_a_backend_that_cannot_be_asked_costs_nothing_but_the_cause(handle):
  error = failure(handle, "Killed", StoreError("not now"))
  assert error.reason == "Killed"
