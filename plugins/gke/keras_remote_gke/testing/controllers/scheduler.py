"""The scheduler: gives every pod that fits one a node."""

from __future__ import annotations

import collections
from decimal import Decimal

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  finished,
  name,
  namespace,
  now,
  with_condition,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import NODES, PODS
from keras_remote_gke.testing.controllers import affinity, fitting
from keras_remote_gke.testing.controllers.affinity import Placed
from keras_remote_gke.testing.controllers.events import Recorder


class Scheduler:
  """Binds pods; preempts none."""

  watched = (NODES, PODS)

  def __init__(self, registry: Registry, recorder: Recorder) -> None:
    self._registry, self._recorder = registry, recorder

  def sync(self) -> None:
    state = self._registry.state
    nodes, pods = state.all(NODES), state.all(PODS)
    used, placed = _used(pods), _placed(pods, nodes)
    for pod in pods:
      if not pod["spec"].get("nodeName") and not finished(pod):
        self._schedule(pod, nodes, used, placed)

  def _schedule(
    self,
    pod: Object,
    nodes: list[Object],
    used: dict[str, dict[str, Decimal]],
    placed: list[Placed],
  ) -> None:
    misfits = []
    for node in nodes:
      misfit = fitting.misfit(pod, node, used[name(node)])
      misfit = misfit or affinity.misfit(pod, node, placed)
      if misfit is None:
        for key, value in fitting.requests(pod).items():
          used[name(node)][key] += value
        placed.append(Placed(pod, node))
        self._bind(pod, name(node))
        return
      misfits.append(misfit)
    self._refuse(pod, fitting.message(misfits))

  def _bind(self, pod: Object, node: str) -> None:
    self._registry.bind(pod, node, _scheduled(pod, "True", None, None))
    self._recorder.report(
      pod,
      "Normal",
      "Scheduled",
      f"Successfully assigned {namespace(pod)}/{name(pod)} to {node}",
      "Binding",
    )

  def _refuse(self, pod: Object, message: str) -> None:
    known = condition(pod, "PodScheduled", "False")
    if known and known["message"] == message:
      return
    new = _scheduled(pod, "False", "Unschedulable", message)

    def refused(item: Object) -> Object:
      conditions = with_condition(item["status"].get("conditions"), new)
      return {**item, "status": {**item["status"], "conditions": conditions}}

    self._registry.update(
      PODS, namespace(pod), name(pod), refused, part="status"
    )
    self._recorder.report(
      pod, "Warning", "FailedScheduling", message, "Scheduling"
    )


def _used(pods: list[Object]) -> dict[str, dict[str, Decimal]]:
  """What the pods of each node take."""
  used: dict[str, dict[str, Decimal]] = collections.defaultdict(
    lambda: collections.defaultdict(Decimal)
  )
  for pod in pods:
    node = pod["spec"].get("nodeName")
    if node and not finished(pod):
      for key, value in fitting.requests(pod).items():
        used[node][key] += value
  return used


def _placed(pods: list[Object], nodes: list[Object]) -> list[Placed]:
  """The pods that are on one of the nodes."""
  known = {name(each): each for each in nodes}
  return [
    Placed(pod, known[pod["spec"]["nodeName"]])
    for pod in pods
    if pod["spec"].get("nodeName") in known and not finished(pod)
  ]


def _scheduled(
  pod: Object, status: str, reason: str | None, message: str | None
) -> Object:
  told = {
    "type": "PodScheduled",
    "status": status,
    "observedGeneration": pod["metadata"]["generation"],
    "lastProbeTime": None,
    "lastTransitionTime": now(),
    "reason": reason,
    "message": message,
  }
  kept = ("lastProbeTime",)
  return {k: v for k, v in told.items() if v is not None or k in kept}
