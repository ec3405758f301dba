"""What a cluster has besides Kubernetes: GKE's own, LeaderWorkerSet, JobSet."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import (
  JOB_SETS,
  LEADER_WORKER_SETS,
  Resource,
)
from keras_remote_gke.testing.controllers import (
  job_set_rules,
  leader_worker_pods,
  leader_worker_rules,
)
from keras_remote_gke.testing.controllers.events import Recorder
from keras_remote_gke.testing.controllers.job_sets import JobSetController
from keras_remote_gke.testing.controllers.leader_worker_sets import (
  LeaderWorkerSetController,
)
from keras_remote_gke.testing.controllers.loop import Loop, Pace
from keras_remote_gke.testing.controllers.stateful_sets import (
  StatefulSetController,
)
from keras_remote_gke.testing.controllers.tpu_hosts import TpuHosts


@frozen(kw_only=True)
class Extensions:
  """The custom resources that are installed.

  Args:
    lws: LeaderWorkerSet's release, such as 0.10.0; None: it is not there.
    jobset: whether JobSet is there.
  """

  lws: str | None
  jobset: bool

  def resources(self) -> Iterator[Resource]:
    if self.lws:
      yield evolve(LEADER_WORKER_SETS, release=self.lws)
    if self.jobset:
      yield JOB_SETS

  def loops(
    self, registry: Registry, recorder: Recorder, pace: Pace
  ) -> Iterator[Loop]:
    """The controllers, whose webhooks are registered."""
    state, sets = registry.state, StatefulSetController(registry, recorder)
    registry.webhooks.append(TpuHosts(state).admit)
    yield Loop(state, sets.watched, sets.sync)
    if self.lws:
      registry.webhooks += [leader_worker_rules.admit, leader_worker_pods.admit]
      groups = LeaderWorkerSetController(registry, recorder)
      yield Loop(state, groups.watched, groups.sync)
    if self.jobset:
      registry.webhooks.append(job_set_rules.admit)
      jobs = JobSetController(registry, recorder, pace)
      yield Loop(state, jobs.watched, jobs.sync)
