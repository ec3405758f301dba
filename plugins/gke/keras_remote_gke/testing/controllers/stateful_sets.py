"""The StatefulSet controller: pods with fixed names, made again when gone."""

from __future__ import annotations

import collections
import contextlib

from keras_remote_gke.testing.control.deleting import identity
from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  controlled_by,
  controlling,
  copied,
  deleting,
  finished,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import PODS, STATEFUL_SETS
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers.events import Recorder, Source

_SOURCE = Source("statefulset-controller")
_PREFIX = "statefulset.kubernetes.io/"


class StatefulSetController:
  """Creates all pods of a set at once, as ``podManagementPolicy: Parallel``."""

  watched = (PODS, STATEFUL_SETS)

  def __init__(self, registry: Registry, recorder: Recorder) -> None:
    self._registry, self._recorder = registry, recorder

  def sync(self) -> None:
    state = self._registry.state
    with state.lock:
      sets, pods = state.all(STATEFUL_SETS), state.all(PODS)
    owned: dict[str | None, list[Object]] = collections.defaultdict(list)
    for each in pods:
      owned[controlled_by(each)].append(each)
    for each in sets:
      if not deleting(each):
        self._sync(each, {name(pod): pod for pod in owned[uid(each)]})

  def _sync(self, item: Object, pods: dict[str, Object]) -> None:
    for ordinal in _ordinals(item):
      title = f"{name(item)}-{ordinal}"
      if title not in pods:
        self._create(item, ordinal)
      elif finished(pods[title]) and not deleting(pods[title]):
        self._delete(item, pods[title])
    self._tell(item, list(pods.values()))

  def _create(self, item: Object, ordinal: int) -> None:
    made = _pod(item, ordinal)
    # Its predecessor of the same name may not be gone yet.
    with contextlib.suppress(Refused):
      self._registry.create(PODS, made)
      told = f"create Pod {name(made)} in StatefulSet {name(item)} successful"
      self._say(item, "Normal", "SuccessfulCreate", told)

  def _delete(self, item: Object, pod: Object) -> None:
    """Removes a pod that has ended, so that another takes its place."""
    told = (
      f"StatefulSet {namespace(item)}/{name(item)} is recreating failed Pod"
    )
    self._say(item, "Warning", "RecreatingFailedPod", f"{told} {name(pod)}")
    with contextlib.suppress(Refused):
      self._registry.delete(PODS, namespace(pod), name(pod), identity(pod))

  def _tell(self, item: Object, pods: list[Object]) -> None:
    ready = sum(1 for each in pods if condition(each, "Ready"))
    status = {
      "observedGeneration": item["metadata"]["generation"],
      "replicas": len(pods),
      "readyReplicas": ready,
      "availableReplicas": ready,
      "currentReplicas": len(pods),
      "updatedReplicas": len(pods),
      "collisionCount": 0,
    }
    with contextlib.suppress(Refused):
      self._registry.update(
        STATEFUL_SETS,
        namespace(item),
        name(item),
        lambda found: {**found, "status": status},
        part="status",
      )

  def _say(self, item: Object, kind: str, reason: str, told: str) -> None:
    self._recorder.say(item, _SOURCE, kind, reason, told)


def ready(item: Object) -> bool:
  """Whether every pod of a set is ready."""
  found = item.get("status", {}).get("readyReplicas", 0)
  return bool(found == item["spec"].get("replicas", 1))


def _ordinals(item: Object) -> range:
  start = (item["spec"].get("ordinals") or {}).get("start", 0)
  return range(start, start + item["spec"].get("replicas", 1))


def _pod(item: Object, ordinal: int) -> Object:
  template: Object = copied(item["spec"]["template"])
  about, spec = template["metadata"], template["spec"]
  title = f"{name(item)}-{ordinal}"
  about.setdefault("labels", {}).update(
    {
      "apps.kubernetes.io/pod-index": str(ordinal),
      f"{_PREFIX}pod-name": title,
    }
  )
  about.update(
    name=title,
    namespace=namespace(item),
    generateName=f"{name(item)}-",
    ownerReferences=[controlling(item)],
  )
  spec.update(hostname=title, subdomain=item["spec"]["serviceName"])
  return {"metadata": about, "spec": spec}
