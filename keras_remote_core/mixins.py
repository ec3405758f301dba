"""What backends share: waiting by looking, and what the store tells of a job.

For plugin authors: a backend on these needs to start, stop and find a job.
"""

from __future__ import annotations

import contextlib
import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from keras_remote_core import stored
from keras_remote_core.errors import MachineError
from keras_remote_core.model import (
  JobHandle,
  JobStatus,
  LogLine,
  Phase,
  Submission,
)
from keras_remote_core.roles import ArtifactStore, Context


def handle(
  submission: Submission,
  *,
  native_id: str,
  settings: Mapping[str, str | int | bool | None] | None = None,
) -> JobHandle:
  """The handle of a submission, for ``Backend.handle``."""
  plan = submission.plan
  return JobHandle(
    job_id=plan.job_id,
    function=plan.function,
    backend=plan.backend.name,
    distribution=plan.backend.distribution,
    version=plan.backend.version,
    native_id=native_id,
    store_url=plan.store.url,
    created=plan.created,
    accelerator=plan.resources.accelerator.name,
    settings=dict(settings or {}),
    user=plan.user,
    processes=plan.processes,
    attempts=plan.attempts,
    result_reader=plan.result_reader.name,
    pending_timeout=plan.pending_timeout,
  )


class _Made:
  """One base, so that the mixins may come in any order."""

  store: ArtifactStore

  def __init__(self, settings: Any, context: Context) -> None:
    assert context.store is not None
    self.settings, self.store = settings, context.store

  @abstractmethod
  def status(self, handle: JobHandle) -> JobStatus: ...


class PollingWatch(_Made):
  """``watch`` by asking for the status every ``poll_interval`` seconds.

  A machine that does not answer is asked ``misses`` times more, after pauses
  that double, before its MachineError is raised.
  """

  poll_interval = 1.0
  misses = 4

  def watch(self, handle: JobHandle) -> Iterator[JobStatus]:
    last = None
    while True:
      status = self._look(handle)
      if status != last:
        yield status
      if status.phase.terminal:
        return
      last = status
      time.sleep(self.poll_interval)

  def _look(self, handle: JobHandle) -> JobStatus:
    for missed in range(self.misses):
      with contextlib.suppress(MachineError):
        return self.status(handle)
      time.sleep(self.poll_interval * 2**missed)
    return self.status(handle)


class StoredStatus(_Made):
  """``status`` from what the runner writes, and from whether it runs at all."""

  @abstractmethod
  def runs(self, handle: JobHandle) -> bool | None:
    """Whether the job's runner runs; None where nothing is known of the job."""

  def last_words(self, handle: JobHandle) -> str:
    """What the runner of a job that is gone said of itself, if anything."""
    del handle
    return ""

  def status(self, handle: JobHandle) -> JobStatus:
    known = stored.status(self.store, handle)
    if known and known.phase.terminal:
      return known
    if running := self.runs(handle):
      return known or JobStatus(phase=Phase.PENDING, reason="Starting")
    # Read again: a runner that ended in between has left its outcome.
    known = stored.status(self.store, handle)
    if known and known.phase.terminal:
      return known
    if known and running is None:
      return evolve(known, message="on another machine, which has this store")
    return stored.lost(self.store, handle, self.last_words(handle))


class StoredLogs(_Made):
  """``logs`` from the chunks that the runner writes to the store."""

  poll_interval = 1.0

  def logs(
    self, handle: JobHandle, follow: bool = False, since: float | None = None
  ) -> Iterator[LogLine]:
    workers = [
      stored.Worker(self.store, handle, each)
      for each in range(handle.processes)
    ]
    while True:
      # Asked first, so that what was written before the end is still read.
      ended = not follow or self.status(handle).phase.terminal
      lines = [line for worker in workers for line in worker.read()]
      for line in sorted(lines, key=lambda line: line.time):
        if since is None or line.time.timestamp() >= since:
          yield line
      if ended:
        return
      time.sleep(self.poll_interval)
