"""The JobSet controller: Jobs that start, succeed and fail together."""

from __future__ import annotations

import contextlib
import datetime

from keras_remote_gke.testing.control.deleting import Options
from keras_remote_gke.testing.control.objects import (
  Object,
  controlled_by,
  deleting,
  labels,
  moment,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import (
  JOB_SETS,
  JOBS,
  SERVICES,
  Resource,
)
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers import job_set_jobs, job_set_status
from keras_remote_gke.testing.controllers.events import Recorder, Source
from keras_remote_gke.testing.controllers.job_endings import over
from keras_remote_gke.testing.controllers.job_set_jobs import of_template
from keras_remote_gke.testing.controllers.job_set_status import Ending
from keras_remote_gke.testing.controllers.loop import Pace

_SOURCE = Source("jobset")


class JobSetController:
  """Makes the Jobs of every set, and ends, restarts or removes sets."""

  watched = (JOB_SETS, JOBS)

  def __init__(
    self, registry: Registry, recorder: Recorder, pace: Pace
  ) -> None:
    self._registry, self._recorder, self._pace = registry, recorder, pace

  def sync(self) -> float | None:
    state = self._registry.state
    with state.lock:
      sets, jobs = state.all(JOB_SETS), state.all(JOBS)
    delays = [
      self._sync(each, [job for job in jobs if controlled_by(job) == uid(each)])
      for each in sets
      if not deleting(each)
    ]
    return min((each for each in delays if each is not None), default=None)

  def _sync(self, item: Object, jobs: list[Object]) -> float | None:
    if job_set_status.over(item):
      self._delete([each for each in jobs if not over(each)])
      return self._expire(item)
    attempt = str(job_set_jobs.restarts(item))
    own = [e for e in jobs if labels(e)[job_set_jobs.ATTEMPT] == attempt]
    self._delete([each for each in jobs if each not in own])
    ended = job_set_status.ending(item, own)
    if ended is None and job_set_jobs.ended(own, "Failed"):
      self._restart(item)
      return None
    started = ended is not None or self._start(item, own)
    self._write(item, job_set_status.status(item, own, ended, started))
    if ended:
      self._tell(item, ended)
    return None

  def _start(self, item: Object, jobs: list[Object]) -> bool:
    """Creates the Jobs that are due; returns whether all of them are up."""
    self._create(SERVICES, job_set_jobs.service(item))
    in_order = item["spec"]["startupPolicy"]["startupPolicyOrder"] == "InOrder"
    for replicated in item["spec"]["replicatedJobs"]:
      for each in job_set_jobs.jobs(item, replicated):
        self._create(JOBS, each)
      there = of_template(jobs, replicated)
      up = [e for e in there if job_set_status.ready(e) or over(e)]
      waits = in_order and not job_set_jobs.suspended(item)
      if waits and len(up) < replicated["replicas"]:
        return False
    return True

  def _restart(self, item: Object) -> None:
    """Has every Job made again, under the number of the next attempt."""
    count = job_set_jobs.restarts(item) + 1
    status = {
      **item["status"],
      "restarts": count,
      "restartsCountTowardsMax": count,
    }
    self._write(item, status)
    told = f"restarting jobset, attempt {count}"
    self._recorder.say(item, _SOURCE, "Warning", "Restarting", told)

  def _tell(self, item: Object, ended: Ending) -> None:
    kind = "Warning" if ended.kind == "Failed" else "Normal"
    self._recorder.say(item, _SOURCE, kind, ended.reason, ended.message)

  def _create(self, resource: Resource, item: Object) -> None:
    if self._registry.state.get(resource, namespace(item), name(item)):
      return
    with contextlib.suppress(Refused):
      self._registry.create(resource, item)

  def _delete(self, jobs: list[Object]) -> None:
    for each in jobs:
      options = Options(propagation="Foreground", uid=uid(each))
      with contextlib.suppress(Refused):
        self._registry.delete(JOBS, namespace(each), name(each), options)

  def _write(self, item: Object, status: Object) -> None:
    with contextlib.suppress(Refused):
      self._registry.update(
        JOB_SETS,
        namespace(item),
        name(item),
        lambda found: {**found, "status": status},
        part="status",
      )

  def _expire(self, item: Object) -> float | None:
    """Deletes a finished set when its time has come."""
    ttl = item["spec"].get("ttlSecondsAfterFinished")
    end = job_set_status.over(item)
    if ttl is None or end is None:
      return None
    passed = datetime.datetime.now(datetime.UTC) - moment(
      end["lastTransitionTime"]
    )
    left = self._pace.seconds(ttl) - passed.total_seconds()
    if left > 0:
      return float(left)
    options = Options(propagation="Foreground", uid=uid(item))
    with contextlib.suppress(Refused):
      self._registry.delete(JOB_SETS, namespace(item), name(item), options)
    return None
