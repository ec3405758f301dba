"""What backends share: waiting by looking, and what the store tells of a job.

For plugin authors: a backend on these needs to start, stop and find a job.
"""

from __future__ import annotations

import datetime
import json
import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core.model import (
  JobHandle,
  JobStatus,
  LogLine,
  Phase,
  Submission,
)
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys


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
    processes=plan.processes,
    attempts=plan.attempts,
    result_reader=plan.result_reader.name,
    pending_timeout=plan.pending_timeout,
  )


class PollingWatch:
  """``watch`` by asking for the status every ``poll_interval`` seconds."""

  poll_interval = 1.0

  @abstractmethod
  def status(self, handle: JobHandle) -> JobStatus: ...

  def watch(self, handle: JobHandle) -> Iterator[JobStatus]:
    last = None
    while True:
      status = self.status(handle)
      if status != last:
        yield status
      if status.phase.terminal:
        return
      last = status
      time.sleep(self.poll_interval)


class StoredLogs:
  """``logs`` from the chunks that the runner writes to the store."""

  poll_interval = 1.0
  store: ArtifactStore

  @abstractmethod
  def status(self, handle: JobHandle) -> JobStatus: ...

  def logs(
    self, handle: JobHandle, follow: bool = False, since: float | None = None
  ) -> Iterator[LogLine]:
    workers = [
      _Worker(self.store, handle, each) for each in range(handle.processes)
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


class _Worker:
  """One host's chunks, each read once."""

  def __init__(
    self, store: ArtifactStore, handle: JobHandle, host: int
  ) -> None:
    self._store, self._handle, self._host = store, handle, host
    self._attempt = self._next = 0

  def read(self) -> Iterator[LogLine]:
    """The lines of every chunk that came since the last time."""
    while True:
      try:
        data = self._store.read(self._key(f"logs/{self._next:06d}.jsonl"))
      except FileNotFoundError:
        if not self._advance():
          return
        continue
      self._next += 1
      for line in data.splitlines():
        yield self._line(*json.loads(line))

  def _advance(self) -> bool:
    """Goes on to the next attempt, where there is one."""
    if self._attempt + 1 >= self._handle.attempts:
      return False
    following = keys.host(self._handle.job_id, 0, self._attempt + 1, self._host)
    if not self._store.exists(f"{following}/start.json"):
      return False
    self._attempt, self._next = self._attempt + 1, 0
    return True

  def _key(self, name: str) -> str:
    home = keys.host(self._handle.job_id, 0, self._attempt, self._host)
    return f"{home}/{name}"

  def _line(self, seconds: float, text: str) -> LogLine:
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return LogLine(worker=str(self._host), time=when, text=text)


def stored_status(store: ArtifactStore, handle: JobHandle) -> JobStatus | None:
  """What the store tells, unverified: good for a status, never for a result.

  None: no host has started yet.
  """
  found = [entry.key for entry in store.list(keys.attempts(handle.job_id))]
  outcomes = [key for key in found if key.endswith("/outcome.json")]
  bodies = [json.loads(store.read(key)) for key in outcomes]
  for body in bodies:
    if body["kind"] != "returned":
      return _unreturned(store, handle, body)
  if len(bodies) >= handle.processes:
    return JobStatus(phase=Phase.SUCCEEDED, reason="Returned")
  if any(key.endswith("/start.json") for key in found):
    return JobStatus(phase=Phase.RUNNING, reason="Running")
  return None


def lost(store: ArtifactStore, handle: JobHandle, words: str) -> JobStatus:
  """The status of a job whose processes are gone and left no outcome."""
  if store.exists(keys.cancelled(handle.job_id)):
    return JobStatus(phase=Phase.CANCELLED, reason="Cancelled")
  message = "the job's supervisor is gone and left no outcome"
  return JobStatus(
    phase=Phase.FAILED,
    reason="Lost",
    message=f"{message}: {words}" if words else message,
    remedy=f"keras-remote jobs logs {handle.job_id}",
  )


def _unreturned(
  store: ArtifactStore, handle: JobHandle, body: Mapping[str, Any]
) -> JobStatus:
  if body["kind"] == "raised":
    message = f"{body['type']}: {body['message']}"
    return JobStatus(phase=Phase.FAILED, reason="Raised", message=message)
  if body["reason"] == "Stopped" and store.exists(
    keys.cancelled(handle.job_id)
  ):
    return JobStatus(phase=Phase.CANCELLED, reason="Cancelled")
  return JobStatus(
    phase=Phase.FAILED, reason=body["reason"], message=body["message"]
  )
