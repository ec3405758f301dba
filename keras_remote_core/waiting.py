"""Waiting for a job without being stuck in it."""

from __future__ import annotations

import datetime
import queue
import threading
import time
from collections.abc import Iterator

from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_core.roles import Backend


class Watcher:
  """A backend's ``watch`` on a thread of its own, so that waits can end."""

  def __init__(self, backend: Backend, handle: JobHandle) -> None:
    self._backend, self._handle = backend, handle
    self._seen: queue.SimpleQueue[JobStatus | Exception] = queue.SimpleQueue()
    self._thread: threading.Thread | None = None
    self._last: JobStatus | Exception | None = None

  def statuses(self, timeout: float | None = None) -> Iterator[JobStatus]:
    """Each new status, the last one being terminal.

    Ends without one where ``timeout`` seconds run out first; what ``watch``
    raises is raised here.
    """
    self._start()
    deadline = None if timeout is None else time.monotonic() + timeout
    while not _ended(self._last):
      try:
        self._last = self._seen.get(timeout=_left(deadline))
      except queue.Empty:
        return
      if isinstance(self._last, JobStatus):
        yield self._last
    if isinstance(self._last, Exception):
      raise self._last

  def _start(self) -> None:
    if self._thread is None:
      self._thread = threading.Thread(target=self._watch, daemon=True)
      self._thread.start()

  def _watch(self) -> None:
    try:
      for status in self._backend.watch(self._handle):
        self._seen.put(status)
    except Exception as error:
      self._seen.put(error)


def overdue(handle: JobHandle, status: JobStatus) -> bool:
  """Says whether a pending job has waited for longer than it may."""
  limit = handle.pending_timeout
  return (
    status.phase is Phase.PENDING
    and limit is not None
    and waited(handle) > limit
  )


def waited(handle: JobHandle) -> float:
  """Seconds since the job was submitted."""
  return (datetime.datetime.now(datetime.UTC) - handle.created).total_seconds()


def _ended(last: JobStatus | Exception | None) -> bool:
  return isinstance(last, Exception) or (
    isinstance(last, JobStatus) and last.phase.terminal
  )


def _left(deadline: float | None) -> float | None:
  return None if deadline is None else max(0.0, deadline - time.monotonic())
