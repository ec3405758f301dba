"""Waiting for a job without being stuck in it."""

from __future__ import annotations

import datetime
import queue
import threading
import time

from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_core.roles import Backend


class Watcher:
  """A backend's ``watch`` on a thread of its own, so that waits can end."""

  def __init__(self, backend: Backend, handle: JobHandle) -> None:
    self._backend, self._handle = backend, handle
    self._seen: queue.SimpleQueue[JobStatus | Exception] = queue.SimpleQueue()
    self._thread: threading.Thread | None = None
    self.last: JobStatus | None = None

  @property
  def ended(self) -> bool:
    return self.last is not None and self.last.phase.terminal

  def next(self, timeout: float | None) -> JobStatus | None:
    """The next new status, or None where ``timeout`` seconds ran out first.

    Raises:
      Exception: what ``watch`` raised; another call watches anew.
    """
    if self._thread is None:
      self._thread = threading.Thread(target=self._watch, daemon=True)
      self._thread.start()
    try:
      seen = self._seen.get(timeout=timeout)
    except queue.Empty:
      return None
    if isinstance(seen, Exception):
      self._thread = None
      raise seen
    self.last = seen
    return seen

  def _watch(self) -> None:
    try:
      for status in self._backend.watch(self._handle):
        self._seen.put(status)
    except Exception as error:
      self._seen.put(error)


class Patience:
  """How long one wait goes on: for its caller, and for hardware to come."""

  def __init__(self, handle: JobHandle, timeout: float | None) -> None:
    self._handle = handle
    self._deadline = None if timeout is None else time.monotonic() + timeout

  def left(self, last: JobStatus | None) -> float | None:
    """Seconds until either runs out, or None for ever."""
    limits = (self._callers(), self._hardwares(last))
    known = [limit for limit in limits if limit is not None]
    return max(0.0, min(known)) if known else None

  def exhausted(self) -> bool:
    """Whether the caller's time has run out."""
    left = self._callers()
    return left is not None and left <= 0

  def overdue(self, last: JobStatus | None) -> bool:
    """Whether a pending job has waited for longer than it may."""
    left = self._hardwares(last)
    return left is not None and left <= 0

  def _callers(self) -> float | None:
    return None if self._deadline is None else self._deadline - time.monotonic()

  def _hardwares(self, last: JobStatus | None) -> float | None:
    limit = self._handle.pending_timeout
    pending = last is None or last.phase is Phase.PENDING
    return (
      limit - waited(self._handle) if limit is not None and pending else None
    )


def waited(handle: JobHandle) -> float:
  """Seconds since the job was submitted."""
  now = datetime.datetime.now(datetime.UTC)
  return (now - handle.created).total_seconds()
