"""The kubelets of all nodes: a life for every pod that has a node."""

from __future__ import annotations

from keras_remote_gke.testing.control.objects import (
  Object,
  deleting,
  finished,
  uid,
)
from keras_remote_gke.testing.control.resources import (
  CONFIG_MAPS,
  PODS,
  SECRETS,
)
from keras_remote_gke.testing.kubelet.host import Host
from keras_remote_gke.testing.kubelet.pod import PodLife


class Kubelet:
  """Starts, stops and forgets pods as the API has them."""

  watched = (CONFIG_MAPS, PODS, SECRETS)

  def __init__(self, host: Host) -> None:
    self._host = host
    self._lives: dict[str, PodLife] = {}
    self._lost: set[str] = set()

  def sync(self) -> None:
    pods = {uid(each): each for each in self._host.registry.state.all(PODS)}
    for each in pods.values():
      if each["spec"].get("nodeName") and not self._is_lost(each):
        self._look_after(each)
    for gone in [life for key, life in self._lives.items() if key not in pods]:
      self._forget(gone)
    for life in list(self._lives.values()):
      life.nudge()

  def life(self, pod: Object) -> PodLife | None:
    """A pod's life; None where its node has not looked at it."""
    return self._lives.get(uid(pod))

  def is_lost(self, node: str) -> bool:
    return node in self._lost

  def lose(self, node: str) -> None:
    """Ends everything on a node, unheard."""
    self._lost.add(node)
    for life in list(self._lives.values()):
      if life.node == node:
        life.silence()

  def find(self, node: str) -> None:
    """Has a lost node come back, without what ran on it."""
    self._lost.discard(node)

  def stop(self) -> None:
    lives = list(self._lives.values())
    for life in lives:
      life.silence()
    for life in lives:
      life.join()

  def _is_lost(self, pod: Object) -> bool:
    return pod["spec"]["nodeName"] in self._lost

  def _look_after(self, pod: Object) -> None:
    life = self._lives.get(uid(pod))
    if life is None:
      if finished(pod):
        return
      life = self._lives[uid(pod)] = PodLife(self._host, pod)
      life.start()
    if deleting(pod):
      life.stop(float(pod["metadata"].get("deletionGracePeriodSeconds") or 0))

  def _forget(self, life: PodLife) -> None:
    life.stop(0.0)
    life.join()
    life.clean()
    del self._lives[uid(life.pod)]
