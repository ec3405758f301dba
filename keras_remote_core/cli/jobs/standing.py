"""Where many jobs stand, asked at once."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterable
from typing import Any

from attrs import frozen

from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.job import Job
from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_core.opening import Opener
from keras_remote_runner import keys

UNKNOWN = "unknown"
_PARALLEL = 16


@frozen
class Standing:
  """A job's status, or why it cannot be told."""

  handle: JobHandle
  status: JobStatus | KerasRemoteError

  @property
  def phase(self) -> str:
    if isinstance(self.status, JobStatus):
      return self.status.phase.value
    return UNKNOWN

  def record(self) -> dict[str, Any]:
    """The job as plain data."""
    handle, status = self.handle, self.status
    return {
      "id": handle.job_id,
      "function": handle.function,
      "backend": handle.backend,
      "accelerator": handle.accelerator,
      "phase": self.phase,
      "reason": getattr(status, "reason", ""),
      "message": status.message,
      "remedy": status.remedy,
      "created": handle.created.isoformat(),
      "store": handle.store_url,
    }


def of_all(handles: Iterable[JobHandle], opener: Opener) -> list[Standing]:
  """Where each job stands, in order; one that cannot be asked says why."""

  def ask(handle: JobHandle) -> Standing:
    try:
      return of(opener.job(handle))
    except KerasRemoteError as error:
      return Standing(handle, error)

  with concurrent.futures.ThreadPoolExecutor(_PARALLEL) as pool:
    return list(pool.map(ask, handles))


def of(job: Job[Any]) -> Standing:
  """Where a job stands; one that is lost may have lost its store too."""
  status = job.status()
  lost = status.phase is Phase.FAILED and status.reason == "Lost"
  if lost and not job.store.exists(keys.handle(job.id)):
    status = JobStatus(
      phase=Phase.FAILED,
      reason="StoreGone",
      message=f"nothing is left of it in {job.handle.store_url}",
      remedy=f"keras-remote jobs delete {job.id}",
    )
  return Standing(job.handle, status)
