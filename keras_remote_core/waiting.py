"""Waiting for a job without being stuck in it."""

from __future__ import annotations

import datetime
import threading
import time

from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_core.roles import Backend

_PAUSE = 1.0


class Watcher:
  """A backend's ``watch`` on a thread of its own, so that waits can end.

  Any number of threads may look; each sees every status.
  """

  def __init__(self, backend: Backend, handle: JobHandle) -> None:
    self._backend, self._handle = backend, handle
    self._changed = threading.Condition()
    self._statuses: list[JobStatus] = []
    self._failure: Exception | None = None
    self._running = False

  def status(self, number: int, timeout: float | None) -> JobStatus | None:
    """The status after ``number`` others; None where the time ran out first.

    Raises:
      Exception: what ``watch`` raised; another call watches anew.
    """
    with self._changed:
      self._start()
      self._changed.wait_for(lambda: self._known(number), timeout)
      if len(self._statuses) > number:
        return self._statuses[number]
      if self._failure is not None:
        raise self._failure
      return None

  def _known(self, number: int) -> bool:
    return len(self._statuses) > number or self._failure is not None

  def _start(self) -> None:
    if not self._running and not self._ended():
      self._running, self._failure = True, None
      threading.Thread(target=self._watch, daemon=True).start()

  def _watch(self) -> None:
    failure: Exception | None = None
    try:
      while not self._ended():
        for status in self._backend.watch(self._handle):
          self._tell(status)
        # A watch that ended early must not become a busy loop.
        time.sleep(0 if self._ended() else _PAUSE)
    except Exception as error:
      failure = error
    with self._changed:
      self._running, self._failure = False, failure
      self._changed.notify_all()

  def _tell(self, status: JobStatus) -> None:
    with self._changed:
      self._statuses.append(status)
      self._changed.notify_all()

  def _ended(self) -> bool:
    return bool(self._statuses) and self._statuses[-1].phase.terminal


class Patience:
  """How long one wait goes on: for its caller, and for hardware to come.

  Both count on this process's own clock, from when it began to look.
  """

  def __init__(
    self, began: float, pending: float | None, timeout: float | None
  ) -> None:
    self._began, self._pending = began, pending
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
    if self._pending is None or last is None or last.phase is not Phase.PENDING:
      return None
    return self._began + self._pending - time.monotonic()


def waited(handle: JobHandle) -> float:
  """Seconds since the job was submitted, by the clock of who submitted it."""
  now = datetime.datetime.now(datetime.UTC)
  return (now - handle.created).total_seconds()
