"""A submitted job, here or from another machine."""

from __future__ import annotations

import collections
import contextlib
import datetime
import itertools
import json
import time
from collections.abc import Iterator
from typing import Generic, TypeVar, cast

from attrs import evolve, field, frozen

from keras_remote_core import index, outcomes, results, waiting
from keras_remote_core.errors import (
  JobCancelled,
  JobFailed,
  JobLost,
  JobTimeout,
  KerasRemoteError,
  StillRunning,
  UnknownJob,
)
from keras_remote_core.model import (
  JobEvent,
  JobHandle,
  JobStatus,
  LogLine,
  Phase,
)
from keras_remote_core.outcomes import Failed, Outcome
from keras_remote_core.registry import Registry
from keras_remote_core.roles import (
  ArtifactStore,
  Backend,
  Releasing,
  ResultReader,
)
from keras_remote_core.tracebacks import user_facing
from keras_remote_runner import keys

R = TypeVar("R")

_LOST = "Lost"
_OUTSIDE = ("Killed", "Restarted", "Stopped")
"""What the job saw of an end whose cause lies outside of it."""


@frozen(kw_only=True, eq=False)
class Job(Generic[R]):
  """A running or finished call of a decorated function."""

  handle: JobHandle
  backend: Backend = field(repr=False)
  store: ArtifactStore = field(repr=False)
  reader: ResultReader = field(repr=False)
  registry: Registry = field(repr=False)
  trust_store: bool = field(default=False, repr=False)
  _began: float = field(init=False, repr=False, factory=time.monotonic)
  _watcher: waiting.Watcher = field(init=False, repr=False)

  @_watcher.default
  def _make_watcher(self) -> waiting.Watcher:
    return waiting.Watcher(self.backend, self.handle)

  @property
  def id(self) -> str:
    return self.handle.job_id

  def status(self) -> JobStatus:
    """Where the job stands now, with the reason and its remedy."""
    return self.backend.status(self.handle)

  def why(self) -> str:
    """Why the job stands where it does, in a sentence, and what helps."""
    return explain(self.status())

  def logs(
    self, *, follow: bool = False, since: float | None = None
  ) -> Iterator[LogLine]:
    """Every worker's lines in order; ``follow`` goes on until the end."""
    return self.backend.logs(self.handle, follow, since)

  @user_facing
  def result(self, timeout: float | None = None) -> R:
    """Waits for the value; raises what the function raised.

    Args:
      timeout: seconds to wait; the job goes on when they run out.

    Raises:
      StillRunning: the time ran out.
      JobFailed: the job neither returned nor raised.
      Tampered, UntrustedStore: what the store holds cannot be trusted.
    """
    for _ in self.changes(timeout):
      pass
    return self.collect()

  def changes(self, timeout: float | None = None) -> Iterator[JobStatus]:
    """Each new status until the job has ended.

    Raises:
      StillRunning: the time ran out.
      JobTimeout: the job waited for longer than ``pending_timeout``.
    """
    if self._outcome_is_there():
      return
    patience = waiting.Patience(
      self._began, self.handle.pending_timeout, timeout
    )
    last: JobStatus | None = None
    for number in itertools.count():
      last = self._next(number, patience, last)
      self._notify(last)
      yield last
      if last.phase.terminal:
        return

  @user_facing
  def collect(self) -> R:
    """The value of a job that has ended."""
    outcome = self._outcome()
    if outcome is None:
      status = self.status()
      if not status.phase.terminal:
        raise self._still_running(f"has not ended ({explain(status)})")
      raise self._lost(status)
    outcome = self._explained(outcome)
    self._release()
    value = results.value(outcome, self.handle, self.store, self.reader)
    return cast(R, value)

  @user_facing
  def cancel(self) -> None:
    """Stops the job; one that has ended stays as it is."""
    if self.status().phase.terminal:
      return
    when = datetime.datetime.now(datetime.UTC).isoformat()
    key = keys.cancelled(self.id)
    with contextlib.suppress(FileExistsError):
      self.store.write(key, json.dumps({"at": when}).encode(), True)
    self.backend.cancel(self.handle)

  @user_facing
  def delete(self) -> None:
    """Removes the job and all that is stored of it, except its outputs.

    A job that has not ended is cancelled first.
    """
    self.cancel()
    self.backend.delete(self.handle)
    self.store.delete(keys.job(self.id))
    index.forget(self.id)
    results.forget(self.id)

  def _next(
    self, number: int, patience: waiting.Patience, last: JobStatus | None
  ) -> JobStatus:
    """The next status, as long as there is patience for it."""
    while True:
      status = self._watcher.status(number, patience.left(last))
      if status is not None:
        return status
      if patience.exhausted():
        raise self._still_running("has not ended in time")
      if patience.overdue(last):
        self._give_up()
        last = None

  def _still_running(self, what: str) -> StillRunning:
    return StillRunning(
      f"job {self.id} {what}; it goes on",
      remedy=f"keras-remote jobs result {self.id}",
    )

  def _give_up(self) -> None:
    """Cancels a job that waits too long, unless it has just begun."""
    status = self.status()
    if status.phase is not Phase.PENDING:
      return
    self.cancel()
    raise JobTimeout(
      f"job {self.id} was cancelled: it was pending for longer than"
      f" {self.handle.pending_timeout:g} s ({explain(status)})",
      reason="PendingTimeout",
      remedy=status.remedy or "raise pending_timeout=",
    )

  def _outcome(self) -> Outcome | None:
    key = index.key(self.id) or self.backend.key(self.handle)
    if key is None and not self.store.exists(keys.manifest(self.id)):
      raise UnknownJob(f"job {self.id} was deleted", remedy="run it again")
    if key is None and not self.trust_store:
      self._check_cancelled()
      raise outcomes.untrusted(self.handle)
    return outcomes.read(self.store, self.handle, key)

  def _check_cancelled(self) -> None:
    """That a job was cancelled needs no proof: nothing is made of it."""
    status = self.status()
    if status.phase is Phase.CANCELLED:
      raise self._lost(status)

  def _explained(self, outcome: Outcome) -> Outcome:
    """A stop or a kill with its cause, where the backend knows more of it."""
    if not isinstance(outcome, Failed) or outcome.reason not in _OUTSIDE:
      return outcome
    # What is known is told, even where the backend cannot be asked.
    with contextlib.suppress(KerasRemoteError):
      status = self.status()
      if _tells_more(status, outcome):
        return evolve(
          outcome,
          reason=status.reason,
          message=f"{outcome.message}: {status.message}",
          remedy=status.remedy,
        )
    return outcome

  def _release(self) -> None:
    """Frees what the job holds, of which its value does not depend."""
    if isinstance(self.backend, Releasing):
      with contextlib.suppress(KerasRemoteError):
        self.backend.release(self.handle)

  def _outcome_is_there(self) -> bool:
    """Spares the watch of a job that ended long ago."""
    place = keys.host(self.id, 0, 0, 0)
    single = self.handle.processes == self.handle.attempts == 1
    return single and self.store.exists(f"{place}/outcome.json")

  def _lost(self, status: JobStatus) -> JobFailed:
    lines = collections.deque((line.text for line in self.logs()), maxlen=20)
    kind: type[JobFailed] = JobFailed
    told = f"left no outcome: {explain(evolve(status, remedy=None))}"
    if status.reason in ("", _LOST):
      kind = JobLost
    if status.phase is Phase.CANCELLED:
      # Before the function had started, so that nobody could sign it.
      kind, told = JobCancelled, "was cancelled"
    return kind(
      f"job {self.id} {told}",
      reason=status.reason or _LOST,
      lines=tuple(lines),
      remedy=status.remedy,
    )

  def _notify(self, status: JobStatus) -> None:
    if status.phase is not Phase.PENDING:
      now = datetime.datetime.now(datetime.UTC)
      event = JobEvent(
        name=status.phase.value,
        handle=self.handle,
        time=now,
        detail=status.message,
      )
      self.registry.notify(event)


def _tells_more(status: JobStatus, outcome: Failed) -> bool:
  """Whether a backend's word is nearer to the cause than the job's own.

  A host is stopped where another one was killed.
  """
  if status.phase is not Phase.FAILED or status.reason == "Stopped":
    return False
  return status.reason not in _OUTSIDE or outcome.reason == "Stopped"


def explain(status: JobStatus) -> str:
  """A status as a sentence, with what helps."""
  told = f"{status.phase.value}: {status.reason or status.phase.value}"
  if status.message:
    told += f" ({status.message})"
  return f"{told}; fix: {status.remedy}" if status.remedy else told
