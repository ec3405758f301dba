"""Deployments, of which no pods are made.

One counts as available where a node would take a pod that asks for nothing.
"""

from __future__ import annotations

import contextlib
from typing import Any

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  name,
  namespace,
  now,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import DEPLOYMENTS, NODES
from keras_remote_gke.testing.control.statuses import Refused

_REASONS = {
  "True": (
    "MinimumReplicasAvailable",
    "Deployment has minimum availability.",
  ),
  "False": (
    "MinimumReplicasUnavailable",
    "Deployment does not have minimum availability.",
  ),
}


class DeploymentController:
  """Tells of Deployments whether they are available."""

  watched = (DEPLOYMENTS, NODES)

  def __init__(self, registry: Registry) -> None:
    self._registry = registry

  def sync(self) -> None:
    state = self._registry.state
    room = any(_open(each) for each in state.all(NODES))
    for each in state.all(DEPLOYMENTS):
      self._tell(each, _status(each, room))

  def _tell(self, item: Object, status: Object) -> None:
    with contextlib.suppress(Refused):
      self._registry.update(
        DEPLOYMENTS,
        namespace(item),
        name(item),
        lambda found: {**found, "status": status},
        part="status",
      )


def _open(node: Object) -> bool:
  spec: Any = node.get("spec", {})
  return not spec.get("taints") and not spec.get("unschedulable")


def _status(item: Object, room: bool) -> Object:
  told = "True" if room else "False"
  count = item["spec"].get("replicas", 1)
  reason, message = _REASONS[told]
  available = condition(item, "Available", told) or {
    "type": "Available",
    "status": told,
    "reason": reason,
    "message": message,
    "lastTransitionTime": now(),
    "lastUpdateTime": now(),
  }
  return {
    "observedGeneration": item["metadata"]["generation"],
    "replicas": count,
    "updatedReplicas": count,
    "availableReplicas": count if room else 0,
    "readyReplicas": count if room else 0,
    "unavailableReplicas": 0 if room else count,
    "conditions": [available],
  }
