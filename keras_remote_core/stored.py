"""What the store tells of a job, unverified: good for a look, not for a value."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core.model import JobHandle, JobStatus, LogLine, Phase
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys, outcome

_UNREADABLE = {
  "kind": "failed",
  "reason": "Unreadable",
  "message": "the outcome in the store is cut off or not an outcome",
}


def status(store: ArtifactStore, handle: JobHandle) -> JobStatus | None:
  """The job's status, or None where no host has started yet."""
  hosts = range(handle.processes)
  bodies = [_body(store, handle, host) for host in hosts]
  for body in bodies:
    if body is not None and body["kind"] != "returned":
      return _unreturned(store, handle, body)
  if all(body is not None for body in bodies):
    return JobStatus(phase=Phase.SUCCEEDED, reason="Returned")
  if any(_started(store, handle, host) for host in hosts):
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


class Worker:
  """One host's log chunks, each read once."""

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
    following = self._attempt + 1
    if following >= self._handle.attempts:
      return False
    if not _started(self._store, self._handle, self._host, following):
      return False
    self._attempt, self._next = following, 0
    return True

  def _key(self, name: str) -> str:
    return _key(self._handle, self._attempt, self._host, name)

  def _line(self, seconds: float, text: str) -> LogLine:
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return LogLine(worker=str(self._host), time=when, text=text)


def _key(handle: JobHandle, attempt: int, host: int, name: str) -> str:
  return f"{keys.host(handle.job_id, 0, attempt, host)}/{name}"


def _started(
  store: ArtifactStore, handle: JobHandle, host: int, attempt: int = 0
) -> bool:
  return store.exists(_key(handle, attempt, host, "start.json"))


def _body(
  store: ArtifactStore, handle: JobHandle, host: int
) -> Mapping[str, Any] | None:
  """A host's last outcome, unless another attempt is due after it."""
  for attempt in reversed(range(handle.attempts)):
    try:
      data = store.read(_key(handle, attempt, host, "outcome.json"))
      body: Mapping[str, Any] = json.loads(data)
      return body if outcome.final(body, handle.attempts) else None
    except FileNotFoundError:
      continue
    except (ValueError, KeyError, TypeError):
      return _UNREADABLE
  return None


def _unreturned(
  store: ArtifactStore, handle: JobHandle, body: Mapping[str, Any]
) -> JobStatus:
  reason, message = str(body.get("reason")), str(body.get("message"))
  if body["kind"] == "raised":
    reason, message = "Raised", f"{body.get('type')}: {message}"
  if reason == "Stopped" and store.exists(keys.cancelled(handle.job_id)):
    return JobStatus(phase=Phase.CANCELLED, reason="Cancelled")
  return JobStatus(phase=Phase.FAILED, reason=reason, message=message)
