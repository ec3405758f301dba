"""The lines of one worker of a job, from pod to pod."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator, Sequence

from attrs import frozen

from keras_remote_core import stored
from keras_remote_core.model import JobHandle, LogLine
from keras_remote_core.roles import ArtifactStore
from keras_remote_gke import pods
from keras_remote_gke.api import Api
from keras_remote_gke.live_logs import LiveLog
from keras_remote_gke.observing import Observer
from keras_remote_gke.paths import Paths
from keras_remote_gke.pod_lines import PodLines
from keras_remote_gke.pods import Pod
from keras_remote_gke.seen import Seen

_YOUNG = 60.0
"""Seconds for which a node surely has a pod's first line."""


@frozen
class Worker:
  """One host of a job, and where its lines are."""

  api: Api
  paths: Paths
  store: ArtifactStore
  handle: JobHandle
  index: int

  def pods(self, seen: Seen) -> list[Pod]:
    """Its pods that have run, oldest first: one per attempt."""
    return [
      each
      for each in seen.pods
      if pods.worker(each) == str(self.index) and pods.started(each)
    ]

  def so_far(self, seen: Seen) -> Iterator[LogLine]:
    """The lines that there are by now."""
    made = self.pods(seen)
    done = seen.condition("Complete") is not None or seen.parked
    if not made or (done and len(made) == 1):
      # The store has them all by then, or only it has them still.
      yield from stored.Worker(self.store, self.handle, self.index).read()
      return
    for attempt, pod in self.attempts(made):
      if pod is None:
        yield from self.chunks(attempt).read()
      else:
        yield from self.lines(attempt, pod, None).so_far()

  def attempts(self, made: Sequence[Pod]) -> Iterator[tuple[int, Pod | None]]:
    """Which attempts these pods run, and those before whose pods are gone."""
    if self.handle.attempts == len(made) == 1:
      yield 0, made[0]
      return
    starts = stored.starts(self.store, self.handle, self.index)
    yield from _matched(starts, made)

  def chunks(self, attempt: int) -> stored.Attempt:
    """What the store has of an attempt."""
    return stored.Attempt(self.store, self.handle, self.index, attempt)

  def lines(
    self, attempt: int, pod: Pod, observer: Observer | None
  ) -> PodLines:
    """The lines of one of its pods."""
    path = f"{self.paths.pods}/{pods.name(pod)}"
    uid = _uid(pod)
    return PodLines(
      LiveLog(self.api, path, str(self.index)),
      self.chunks(attempt),
      lambda seconds: observer is None or observer.over(uid, seconds),
    )


class Follower:
  """Follows one worker from pod to pod, until the job has ended."""

  def __init__(self, worker: Worker, observer: Observer) -> None:
    self._worker, self._observer = worker, observer
    self._over = threading.Event()
    self._finishing = False
    self._lines: PodLines | None = None
    self._followed: set[str | int] = set()

  def stop(self) -> None:
    """Ends following, from another thread."""
    self._over.set()
    if self._lines is not None:
      self._lines.stop()

  def finish(self) -> None:
    """Ends following a pod that cannot end, from another thread."""
    self._finishing = True
    if self._lines is not None:
      self._lines.finish()

  def lines(self) -> Iterator[LogLine]:
    """Every line of every attempt, each once."""
    for seen in self._observer.seen():
      yield from self._new(self._worker.pods(seen))
      if self._over.is_set():
        return
      if seen.ended:
        break
    if not self._followed:
      yield from self._worker.so_far(seen)

  def _new(self, made: Sequence[Pod]) -> Iterator[LogLine]:
    """The lines of pods that were not there before."""
    if self._followed >= set(map(_uid, made)):
      return
    for attempt, pod in self._worker.attempts(made):
      key = attempt if pod is None else _uid(pod)
      if key in self._followed or self._over.is_set():
        continue
      self._followed.add(key)
      if pod is None:
        yield from self._worker.chunks(attempt).read()
      else:
        yield from self._pod(attempt, pod)

  def _pod(self, attempt: int, pod: Pod) -> Iterator[LogLine]:
    self._lines = lines = self._worker.lines(attempt, pod, self._observer)
    # Whoever asked a moment ago found no lines to ask.
    if self._over.is_set():
      lines.stop()
    if self._finishing:
      lines.finish()
    if pods.over(pod) or not _young(pod):
      yield from lines.so_far()
    if not pods.over(pod):
      yield from lines.follow()


def _matched(
  starts: Sequence[str], made: Sequence[Pod]
) -> Iterator[tuple[int, Pod | None]]:
  """Pods, oldest first, by what began each attempt.

  A pod that has begun none will begin the next one, if it ever does.
  """
  told, there = 0, set(map(_uid, made))
  for pod in made:
    own = starts.index(_uid(pod)) if _uid(pod) in starts else len(starts)
    for attempt in range(told, own):
      if starts[attempt] not in there:
        yield attempt, None
    yield own, pod
    told = max(told, own + 1)


def _uid(pod: Pod) -> str:
  return str(pod["metadata"]["uid"])


def _young(pod: Pod) -> bool:
  running = pods.state(pod, "running")
  if running is None:
    return False
  now = datetime.datetime.now(datetime.UTC)
  return (now - pods.time(running["startedAt"])).total_seconds() < _YOUNG
