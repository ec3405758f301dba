"""The Job controller: pods for Jobs, and what Jobs come to."""

from __future__ import annotations

import collections
import contextlib
import datetime

from keras_remote_gke.testing.control.deleting import Options
from keras_remote_gke.testing.control.objects import (
  Object,
  controlled_by,
  deleting,
  moment,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import JOBS, PODS
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers import job_endings, job_pods
from keras_remote_gke.testing.controllers.backoff import Backoff
from keras_remote_gke.testing.controllers.events import Recorder
from keras_remote_gke.testing.controllers.job_control import JobControl
from keras_remote_gke.testing.controllers.job_sync import Sync
from keras_remote_gke.testing.controllers.loop import Pace


class JobController:
  """Brings every Job nearer to its end, and removes those past their TTL.

  Attributes:
    spare: by a Job's uid, how many pods too many it is left.
  """

  watched = (JOBS, PODS)

  def __init__(
    self, registry: Registry, recorder: Recorder, pace: Pace
  ) -> None:
    self._registry, self._pace = registry, pace
    self._control = JobControl(registry, recorder)
    self._backoffs: dict[str, Backoff] = collections.defaultdict(Backoff)
    self.spare: dict[str, int] = collections.defaultdict(int)

  def sync(self) -> float | None:
    state = self._registry.state
    with state.lock:
      jobs, pods = state.all(JOBS), state.all(PODS)
    owned: dict[str | None, list[Object]] = collections.defaultdict(list)
    for pod in pods:
      owned[controlled_by(pod)].append(pod)
    self._release_orphans(pods, {uid(each) for each in jobs})
    delays = [self._sync(each, owned[uid(each)]) for each in jobs]
    return min((each for each in delays if each is not None), default=None)

  def start_twice(self, job: Object) -> None:
    """Starts one pod more than a Job needs, and lets it be."""
    self.spare[uid(job)] += 1
    self._control.create(job, 0 if job_pods.indexed(job) else None)

  def _sync(self, job: Object, pods: list[Object]) -> float | None:
    if job_endings.over(job):
      self._backoffs.pop(uid(job), None)
      return self._expire(job)
    sync = Sync(
      self._control,
      job,
      pods,
      self._backoffs[uid(job)],
      self._pace.seconds(1.0),
      self.spare[uid(job)],
    )
    with contextlib.suppress(Refused):
      return sync.run()
    return None

  def _expire(self, job: Object) -> float | None:
    """Deletes a finished Job when its time has come."""
    ttl, end = job["spec"].get("ttlSecondsAfterFinished"), job_endings.over(job)
    if ttl is None or end is None or deleting(job):
      return None
    passed = datetime.datetime.now(datetime.UTC) - moment(
      end["lastTransitionTime"]
    )
    left = self._pace.seconds(ttl) - passed.total_seconds()
    if left > 0:
      return left
    options = Options(propagation="Foreground", uid=uid(job))
    with contextlib.suppress(Refused):
      self._registry.delete(JOBS, namespace(job), name(job), options)
    return None

  def _release_orphans(self, pods: list[Object], jobs: set[str]) -> None:
    """Lets go of pods whose Job is there no more."""
    for pod in pods:
      if job_pods.tracked(pod) and controlled_by(pod) not in jobs:
        self._control.release(pod)
