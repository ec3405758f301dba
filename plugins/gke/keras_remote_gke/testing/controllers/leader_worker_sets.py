"""The LeaderWorkerSet controller: groups of pods that live together."""

from __future__ import annotations

import contextlib

from keras_remote_gke.testing.control.deleting import Options
from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  deleting,
  finished,
  labels,
  name,
  namespace,
  phase,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import (
  LEADER_WORKER_SETS,
  NODES,
  PODS,
  SERVICES,
  STATEFUL_SETS,
  Resource,
)
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers import leader_worker_parts as parts
from keras_remote_gke.testing.controllers import leader_worker_pods as webhook
from keras_remote_gke.testing.controllers import stateful_sets
from keras_remote_gke.testing.controllers.events import Recorder, Source

_SOURCE = Source("leaderworkerset")
_RECREATING = ("RecreateGroupOnPodRestart", "RecreateGroupAfterStart")


class LeaderWorkerSetController:
  """Makes the parts of every set, and recreates groups where that is asked."""

  watched = (LEADER_WORKER_SETS, PODS, STATEFUL_SETS)

  def __init__(self, registry: Registry, recorder: Recorder) -> None:
    self._registry, self._recorder = registry, recorder
    self._state = registry.state

  def sync(self) -> None:
    for each in self._state.all(LEADER_WORKER_SETS):
      if not deleting(each):
        self._sync(each)

  def _sync(self, item: Object) -> None:
    leaders = parts.leaders(item)
    self._ensure(SERVICES, parts.service(item))
    if self._ensure(STATEFUL_SETS, leaders):
      told = f"Created leader statefulset {name(item)}"
      self._say(item, "Normal", "GroupsProgressing", told)
    pods = self._pods(item)
    for each in pods:
      if labels(each).get(webhook.WORKER_INDEX) == "0" and not deleting(each):
        self._make_workers(item, each)
    self._recreate(item, pods)
    self._tell(item, pods)

  def _pods(self, item: Object) -> list[Object]:
    return [
      each
      for each in self._state.all(PODS, namespace(item))
      if labels(each).get(webhook.NAME) == name(item)
    ]

  def _make_workers(self, item: Object, leader: Object) -> None:
    spec, topology = item["spec"], None
    if spec["leaderWorkerTemplate"]["size"] == 1:
      return
    if spec["startupPolicy"] == "LeaderReady" and not _ready(leader):
      return
    if key := parts.exclusive_topology(item):
      node = self._state.get(NODES, "", leader["spec"].get("nodeName", ""))
      if node is None:
        return
      topology = labels(node).get(key)
    self._ensure(STATEFUL_SETS, parts.workers(item, leader, topology))

  def _recreate(self, item: Object, pods: list[Object]) -> None:
    """Ends the groups of which a pod was restarted or removed."""
    policy = item["spec"]["leaderWorkerTemplate"]["restartPolicy"]
    if policy not in _RECREATING:
      return
    for leader in pods:
      if labels(leader).get(webhook.WORKER_INDEX) != "0" or deleting(leader):
        continue
      group = [e for e in pods if _group(e) == _group(leader)]
      waiting = any(phase(each) == "Pending" for each in group)
      if policy == "RecreateGroupAfterStart" and waiting:
        continue
      if any(_broken(each) for each in group):
        self._end(item, leader)

  def _end(self, item: Object, leader: Object) -> None:
    options = Options(propagation="Foreground", uid=uid(leader))
    told = f"Worker pod failed, deleted leader pod {name(leader)} to recreate"
    with contextlib.suppress(Refused):
      self._registry.delete(PODS, namespace(leader), name(leader), options)
      group = f"group {_group(leader)}"
      self._say(item, "Normal", "RecreateGroup", f"{told} {group}")

  def _tell(self, item: Object, pods: list[Object]) -> None:
    leaders = [e for e in pods if labels(e).get(webhook.WORKER_INDEX) == "0"]
    ready = sum(1 for each in leaders if self._group_ready(item, each))

    def told(found: Object) -> Object:
      status = parts.status(found, len(leaders), ready)
      return {**found, "status": status}

    with contextlib.suppress(Refused):
      self._registry.update(
        LEADER_WORKER_SETS, namespace(item), name(item), told, part="status"
      )

  def _group_ready(self, item: Object, leader: Object) -> bool:
    if not _ready(leader) or finished(leader):
      return False
    if item["spec"]["leaderWorkerTemplate"]["size"] == 1:
      return True
    found = self._state.get(STATEFUL_SETS, namespace(leader), name(leader))
    return found is not None and stateful_sets.ready(found)

  def _ensure(self, resource: Resource, item: Object) -> bool:
    """Creates a part that is not there; returns whether it was not."""
    if self._state.get(resource, namespace(item), name(item)):
      return False
    with contextlib.suppress(Refused):
      self._registry.create(resource, item)
      return True
    return False

  def _say(self, item: Object, kind: str, reason: str, told: str) -> None:
    self._recorder.say(item, _SOURCE, kind, reason, told)


def _ready(pod: Object) -> bool:
  return condition(pod, "Ready") is not None


def _group(pod: Object) -> str:
  return labels(pod).get(webhook.GROUP_INDEX, "")


def _broken(pod: Object) -> bool:
  """Whether a pod is being removed, or one of its containers was restarted."""
  status = pod["status"]
  restarts = sum(
    each["restartCount"]
    for kind in ("initContainerStatuses", "containerStatuses")
    for each in status.get(kind) or []
  )
  return deleting(pod) or (
    phase(pod) in ("Pending", "Running") and restarts > 0
  )
