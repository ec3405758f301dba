"""What the store tells of a job, unverified: good for a look, not for a value."""

from __future__ import annotations

import collections
import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core import concurrency, outcomes
from keras_remote_core.model import JobHandle, JobStatus, LogLine, Phase
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys, outcome

_PASSED = 1000
_UNREADABLE = {
  "kind": "failed",
  "reason": "Unreadable",
  "message": "the outcome in the store is cut off or not an outcome",
}


def status(store: ArtifactStore, handle: JobHandle) -> JobStatus | None:
  """The job's status, or None where no host has started yet."""
  hosts = range(handle.processes)
  bodies = concurrency.each(lambda host: _body(store, handle, host), hosts)
  if (bad := outcomes.first_failure(bodies)) is not None:
    return _unreturned(store, handle, bad)
  if all(body is not None for body in bodies):
    return JobStatus(phase=Phase.SUCCEEDED, reason="Returned")
  if any(concurrency.each(lambda host: _started(store, handle, host), hosts)):
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


class Attempt:
  """The log chunks of one attempt of a host, each read once."""

  def __init__(
    self, store: ArtifactStore, handle: JobHandle, host: int, number: int
  ) -> None:
    self._store, self._handle = store, handle
    self._host, self._number = host, number
    self._chunk = self._skipping = 0
    self._passed: collections.deque[LogLine] = collections.deque(maxlen=_PASSED)
    self._last = ""

  def skip(self, count: int, last: str) -> None:
    """Passes over the first lines, which somebody has from elsewhere.

    Args:
      last: the text of the last of them, which counts where theirs are not
        quite the same.
    """
    self._skipping, self._last = count, last

  def read(self) -> Iterator[LogLine]:
    """The lines of every chunk that came since the last time."""
    for line in self._lines():
      if not self._skipping:
        yield line
        continue
      self._skipping -= 1
      self._passed.append(line)
      if not self._skipping:
        yield from self._after_last()

  def _after_last(self) -> list[LogLine]:
    passed = list(self._passed)
    texts = [line.text for line in passed]
    if self._last not in texts:
      return []
    return passed[len(texts) - texts[::-1].index(self._last) :]

  def _lines(self) -> Iterator[LogLine]:
    while True:
      name = f"logs/{self._chunk:06d}.jsonl"
      try:
        data = self._store.read(
          _key(self._handle, self._number, self._host, name)
        )
      except FileNotFoundError:
        return
      self._chunk += 1
      for line in data.splitlines():
        yield self._line(*json.loads(line))

  def _line(self, seconds: float, text: str) -> LogLine:
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return LogLine(worker=str(self._host), time=when, text=text)


class Worker:
  """One host's log chunks over all its attempts, each read once."""

  def __init__(
    self, store: ArtifactStore, handle: JobHandle, host: int
  ) -> None:
    self._store, self._handle, self._host = store, handle, host
    self._number = 0
    self._attempt = Attempt(store, handle, host, 0)

  def read(self) -> Iterator[LogLine]:
    """The lines of every chunk that came since the last time."""
    yield from self._attempt.read()
    while self._advance():
      yield from self._attempt.read()

  def _advance(self) -> bool:
    """Goes on to the next attempt, where there is one."""
    following = self._number + 1
    if following >= self._handle.attempts:
      return False
    if not _started(self._store, self._handle, self._host, following):
      return False
    self._number = following
    self._attempt = Attempt(self._store, self._handle, self._host, following)
    return True


def starts(store: ArtifactStore, handle: JobHandle, host: int) -> list[str]:
  """Which pod, where a backend has such, began each attempt of a host."""
  found: list[str] = []
  for attempt in range(handle.attempts):
    try:
      data = store.read(_key(handle, attempt, host, "start.json"))
    except FileNotFoundError:
      break
    found.append(_pod(data))
  return found


def _pod(data: bytes) -> str:
  """Whose start a marker is of; nobody's where anybody wrote something else."""
  try:
    return str(json.loads(data)["pod"])
  except (ValueError, KeyError, TypeError):
    return ""


def lines(store: ArtifactStore, handle: JobHandle) -> Iterator[LogLine]:
  """Every line that a job has stored by now, by time."""
  workers = [Worker(store, handle, each) for each in range(handle.processes)]
  found = (line for worker in workers for line in worker.read())
  yield from sorted(found, key=lambda line: line.time)


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
