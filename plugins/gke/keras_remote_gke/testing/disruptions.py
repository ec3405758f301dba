"""What happens to pods and nodes that nobody asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from attrs import frozen

from keras_remote_gke.testing.control.deleting import Options, identity
from keras_remote_gke.testing.control.objects import (
  Object,
  copied,
  name,
  namespace,
  now,
  with_condition,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import NODES, PODS
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers.events import Recorder, Source
from keras_remote_gke.testing.kubelet.kubelet import Kubelet
from keras_remote_gke.testing.kubelet.pod_status import DISRUPTED, Ending
from keras_remote_gke.testing.nodes import ready

_UNREACHABLE = "node.kubernetes.io/unreachable"
_SHUTDOWN = "Pod was terminated in response to imminent node shutdown."


@frozen(kw_only=True)
class Disruptions:
  """Everything that ends a pod from outside."""

  registry: Registry
  recorder: Recorder
  kubelet: Kubelet

  def kill(self, pod: Object, container: str = "main") -> None:
    """SIGKILL, from nobody knows where: exit code 137, reason Error."""
    life = self.kubelet.life(pod)
    assert life is not None
    life.containers[container].kill()

  def starve(self, pod: Object, container: str = "main") -> None:
    """The kernel kills a container that is over its memory limit."""
    life = self.kubelet.life(pod)
    assert life is not None
    life.containers[container].starved = True
    life.containers[container].kill()

  def evict(self, pod: Object) -> None:
    """What the eviction API does, as when a node is drained."""
    told = ("EvictionByEvictionAPI", "Eviction API: evicting")
    self._disrupt(pod, *told)
    self._delete(pod)

  def preempt(self, pod: Object) -> None:
    """The scheduler makes room for a pod of higher priority."""
    self._disrupt(
      pod,
      "PreemptionByScheduler",
      "default-scheduler: preempting to accommodate a higher priority pod",
    )
    told = f"Preempted by pod 0000 on node {pod['spec'].get('nodeName')}"
    self.recorder.report(pod, "Normal", "Preempted", told, "Preempting")
    self._delete(pod)

  def shut_down(self, pod: Object, grace: float) -> None:
    """Its spot machine is taken away, with a little notice.

    The kubelet ends the pod, which stays as Failed.
    """
    life = self.kubelet.life(pod)
    assert life is not None
    self._disrupt(pod, "TerminationByKubelet", _SHUTDOWN)
    life.stop(grace, Ending(reason="Terminated", message=_SHUTDOWN))

  def press(self, pod: Object, resource: str) -> None:
    """Its node runs short of memory or disk, and the kubelet picks it."""
    told = f"The node was low on resource: {resource}."
    life = self.kubelet.life(pod)
    assert life is not None
    self._disrupt(pod, "TerminationByKubelet", told)
    source = Source("kubelet", life.node)
    self.recorder.say(pod, source, "Warning", "Evicted", told)
    life.stop(0.0, Ending(reason="Evicted", message=told))

  def lose(self, node: str) -> None:
    """A machine is gone; the control plane has just noticed.

    Its pods' processes are dead, and their logs cannot be read.
    """
    self.kubelet.lose(node)

    def unreachable(item: Object) -> Object:
      conditions = with_condition(
        item["status"]["conditions"], ready("Unknown")
      )
      item["status"]["conditions"] = conditions
      taints = item["spec"].setdefault("taints", [])
      for effect in ("NoSchedule", "NoExecute"):
        taints.append(
          {"key": _UNREACHABLE, "effect": effect, "timeAdded": now()}
        )
      return item

    self._update_node(node, unreachable)
    for pod in self._pods_on(node):
      self._condition(pod, "Ready", "False", "NodeNotReady", "")
      told = "Node is not ready"
      source = Source("node-controller")
      self.recorder.say(pod, source, "Warning", "NodeNotReady", told)

  def remove(self, node: str) -> None:
    """A machine's Node object goes, and with it the pods that were there."""
    self.kubelet.lose(node)
    options = Options(propagation="Background")
    with contextlib.suppress(Refused):
      self.registry.delete(NODES, "", node, options)
    for pod in self._pods_on(node):
      self._collect(pod)

  def banish(self, pod: Object) -> None:
    """A taint of its node leaves it no more time there."""
    told = "Taint manager: deleting due to NoExecute taint"
    self._disrupt(pod, "DeletionByTaintManager", told)
    source = Source("taint-eviction-controller")
    marked = f"Marking for deletion Pod {namespace(pod)}/{name(pod)}"
    self.recorder.say(pod, source, "Normal", "TaintManagerEviction", marked)
    self._delete(pod)

  def _collect(self, pod: Object) -> None:
    """What the pod garbage collector does for pods whose node is gone."""
    self._disrupt(pod, "DeletionByPodGC", "PodGC: node no longer exists")

    def failed(item: Object) -> Object:
      return {**item, "status": {**item["status"], "phase": "Failed"}}

    self._update(pod, failed)
    self._delete(pod)

  def _disrupt(self, pod: Object, reason: str, message: str) -> None:
    self._condition(pod, DISRUPTED, "True", reason, message)

  def _condition(
    self, pod: Object, kind: str, status: str, reason: str, message: str
  ) -> None:
    told = {
      "type": kind,
      "status": status,
      "lastProbeTime": None,
      "lastTransitionTime": now(),
      "reason": reason,
      "message": message,
    }
    new = {k: v for k, v in told.items() if v or k == "lastProbeTime"}

    def changed(item: Object) -> Object:
      conditions = with_condition(item["status"].get("conditions"), new)
      return {**item, "status": {**item["status"], "conditions": conditions}}

    self._update(pod, changed)

  def _update(self, pod: Object, change: Callable[[Object], Object]) -> None:
    with contextlib.suppress(Refused):
      self.registry.update(
        PODS, namespace(pod), name(pod), change, part="status"
      )

  def _update_node(self, node: str, change: Callable[[Object], Object]) -> None:
    state = self.registry.state
    with state.lock:
      state.put(NODES, change(copied(self.registry.get(NODES, "", node))))

  def _delete(self, pod: Object) -> None:
    with contextlib.suppress(Refused):
      self.registry.delete(PODS, namespace(pod), name(pod), identity(pod))

  def _pods_on(self, node: str) -> list[Object]:
    return [
      each
      for each in self.registry.state.all(PODS)
      if each["spec"].get("nodeName") == node
    ]
