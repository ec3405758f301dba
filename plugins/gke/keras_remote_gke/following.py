"""The lines of one worker of a job, from pod to pod."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator

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
    for attempt, pod in enumerate(made):
      yield from self.lines(attempt, pod, None).so_far()

  def lines(
    self, attempt: int, pod: Pod, observer: Observer | None
  ) -> PodLines:
    """The lines of one of its pods."""
    path = f"{self.paths.pods}/{pods.name(pod)}"
    uid = pod["metadata"]["uid"]
    return PodLines(
      LiveLog(self.api, path, str(self.index)),
      stored.Attempt(self.store, self.handle, self.index, attempt),
      lambda seconds: observer is None or observer.over(uid, seconds),
    )


class Follower:
  """Follows one worker from pod to pod, until the job has ended."""

  def __init__(self, worker: Worker, observer: Observer) -> None:
    self._worker, self._observer = worker, observer
    self._over = threading.Event()
    self._lines: PodLines | None = None

  def stop(self) -> None:
    """Ends following, from another thread."""
    self._over.set()
    if self._lines is not None:
      self._lines.stop()

  def finish(self) -> None:
    """Ends following a pod that cannot end, from another thread."""
    if self._lines is not None:
      self._lines.finish()

  def lines(self) -> Iterator[LogLine]:
    """Every line of every attempt, each once."""
    followed: set[str] = set()
    for seen in self._observer.seen():
      for attempt, pod in enumerate(self._worker.pods(seen)):
        if pod["metadata"]["uid"] not in followed and not self._over.is_set():
          followed.add(pod["metadata"]["uid"])
          yield from self._pod(attempt, pod)
      if self._over.is_set():
        return
      if seen.ended:
        break
    if not followed:
      yield from self._worker.so_far(seen)

  def _pod(self, attempt: int, pod: Pod) -> Iterator[LogLine]:
    self._lines = lines = self._worker.lines(attempt, pod, self._observer)
    if pods.over(pod) or not _young(pod):
      yield from lines.so_far()
    if not pods.over(pod):
      yield from lines.follow()


def _young(pod: Pod) -> bool:
  running = pods.state(pod, "running")
  if running is None:
    return False
  now = datetime.datetime.now(datetime.UTC)
  return (now - pods.time(running["startedAt"])).total_seconds() < _YOUNG
