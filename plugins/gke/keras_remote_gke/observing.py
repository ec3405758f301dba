"""One watch per job, shared by whoever waits for the job or reads its logs."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from keras_remote_core.errors import KerasRemoteError
from keras_remote_gke import looking, pods
from keras_remote_gke.api import Api
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.paths import Paths
from keras_remote_gke.pods import Pod
from keras_remote_gke.reflecting import Objects, Reflector, Tell
from keras_remote_gke.seen import Seen

_JOBS, _PODS, _EVENTS = "jobs", "pods", "events"


class Observer:
  """A job as its cluster shows it, while at least one block uses it."""

  def __init__(self, api: Api, paths: Paths, job_id: str) -> None:
    self._api, self._paths, self._job_id = api, paths, job_id
    self._changed = threading.Condition()
    self._users = 0
    self._clear()

  def _clear(self) -> None:
    self._number = 0
    self._known: dict[str, Objects] = {}
    # As they were last: an evicted pod is removed before the Job has failed.
    self._removed: dict[str, Mapping[str, Any]] = {}
    self._failure: KerasRemoteError | None = None
    self._streams = contextlib.ExitStack()
    self._explaining = contextlib.ExitStack()
    self._explained = ""

  @contextlib.contextmanager
  def watching(self) -> Iterator[None]:
    """Keeps the watch open while the block runs."""
    with self._changed:
      self._users += 1
      if self._users == 1:
        self._open()
    try:
      yield
    finally:
      with self._changed:
        self._users -= 1
        if not self._users:
          self._explaining.close()
          self._streams.close()
          self._clear()
          self._changed.notify_all()

  def seen(self) -> Iterator[Seen]:
    """Each change, from how things stand on; several may come as one.

    Ends where nobody keeps the watch open any more.

    Raises:
      KerasRemoteError: the cluster refuses to be watched.
    """
    known, streams = 0, self._streams
    while True:
      with self._changed:
        while self._streams is streams and not self._news(known):
          self._changed.wait()
        if self._streams is not streams:
          return
        if self._failure is not None:
          raise self._failure
        known, now = self._number, self._seen()
        self._explain(now)
      yield self._settled(now)

  def gone(self, timeout: float) -> bool:
    """Whether the cluster has no such Job, or removes it in this time."""
    with self.watching(), self._changed:
      return self._changed.wait_for(
        lambda: self._failure is not None or self._known.get(_JOBS) == {},
        timeout,
      )

  def over(self, uid: str, timeout: float) -> bool:
    """Whether a pod has ended, or ends within ``timeout`` seconds."""
    with self._changed:
      return self._changed.wait_for(lambda: not self._lives(uid), timeout)

  def _lives(self, uid: str) -> bool:
    if self._failure is not None:
      return False
    if not {_JOBS, _PODS} <= self._known.keys():
      return True
    pod = self._known[_PODS].get(uid)
    return pod is not None and not pods.over(pod) and not self._seen().ended

  def _news(self, known: int) -> bool:
    listed = {_JOBS, _PODS} <= self._known.keys()
    return self._failure is not None or (listed and self._number > known)

  def _seen(self) -> Seen:
    return Seen(
      job=next(iter(self._known[_JOBS].values()), None),
      pods=self._pods(self._known[_PODS]),
      events=tuple(self._known.get(_EVENTS, {}).values()),
    )

  def _settled(self, now: Seen) -> Seen:
    """Of a failure, what its pods say may come later than the Job's word."""
    if now.condition("Failed"):
      with contextlib.suppress(ClusterError):
        fresh = looking.look(self._api, self._paths, self._job_id)
        # Those that went since are as telling as those that are there.
        known = {each["metadata"]["uid"]: each for each in now.pods}
        current = {each["metadata"]["uid"]: each for each in fresh.pods}
        made = tuple(pods.by_age({**known, **current}.values()))
        return evolve(now, pods=made, events=fresh.events)
    return now

  def _pods(self, current: Objects) -> tuple[Pod, ...]:
    """Those that there are and those that there were, oldest first."""
    return tuple(pods.by_age({**self._removed, **current}.values()))

  def _note_removed(self, current: Objects) -> None:
    before = self._known.get(_PODS, {})
    self._removed |= {
      uid: each for uid, each in before.items() if uid not in current
    }

  def _open(self) -> None:
    """Watches the Job and its pods, each from a thread."""
    name = f"metadata.name={self._job_id}"
    label = looking.selector(self._job_id)
    for each in (
      self._reflector(self._paths.jobs, _JOBS, fieldSelector=name),
      self._reflector(self._paths.pods, _PODS, labelSelector=label),
    ):
      self._streams.enter_context(each)

  def _explain(self, now: Seen) -> None:
    """Watches the events of what waits, and of nothing else."""
    wanted = now.waiting() if now.waits() else ""
    if wanted == self._explained:
      return
    self._explaining.close()
    self._known.pop(_EVENTS, None)
    self._explained = wanted
    if wanted:
      about = looking.about(wanted)
      self._explaining.enter_context(
        self._reflector(self._paths.events, _EVENTS, fieldSelector=about)
      )

  def _reflector(self, path: str, kind: str, **select: str) -> Reflector:
    return Reflector(self._api, path, self._tell(kind), **select)

  def _tell(self, kind: str) -> Tell:
    """What takes news of one kind, as long as this watch lasts."""
    streams, explained = self._streams, self._explained

    def tell(news: Objects | KerasRemoteError) -> None:
      with self._changed:
        if self._streams is not streams:
          return
        if kind == _EVENTS and self._explained != explained:
          return
        if not isinstance(news, KerasRemoteError):
          if kind == _PODS:
            self._note_removed(news)
          self._known[kind] = news
        elif kind != _EVENTS:
          # Events only explain: who may not read them can do without.
          self._failure = news
        self._number += 1
        self._changed.notify_all()

    return tell
