"""A cluster with a TPU slice of four hosts, LeaderWorkerSet and JobSet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from keras_remote_gke.testing import Cluster, Node

IMAGE = "example.com/image:1"
PATHS = {
  "jobsets": "/apis/jobset.x-k8s.io/v1alpha2",
  "leaderworkersets": "/apis/leaderworkerset.x-k8s.io/v1",
}


@frozen
class Groups:
  """What a test does with groups of pods."""

  kube: Any
  cluster: Cluster

  def send(self, plural: str, body: dict[str, Any], query: str = ""):
    """Creates an object; returns the answer's status and JSON."""
    path = f"{PATHS[plural]}/namespaces/default/{plural}{query}"
    return self.kube.call("POST", path, body)

  def make(self, plural: str, body: dict[str, Any]) -> dict[str, Any]:
    status, made = self.send(plural, body)
    assert status == 201, made
    return made

  def until(
    self, plural: str, name: str, met: Callable[[dict[str, Any]], Any]
  ) -> dict[str, Any]:
    """An object once something holds of it."""
    return self._until(
      lambda: next(
        (
          each
          for each in self.cluster.objects(plural)
          if each["metadata"]["name"] == name and met(each)
        ),
        None,
      )
    )

  def running(self, name: str) -> dict[str, Any]:
    return self.until("pods", name, lambda it: phase(it) == "Running")

  def until_gone(self, *plurals: str) -> None:
    self._until(lambda: not any(map(self.cluster.objects, plurals)))

  def _until(self, found: Callable[[], Any]) -> Any:
    state = self.cluster.state
    while True:
      version = state.version
      if made := found():
        return made
      assert state.wait(version, 30), "nothing happens any more"


def phase(pod: dict[str, Any]) -> str:
  return pod["status"]["phase"]


@pytest.fixture
def lws() -> str:
  return "0.10.0"


@pytest.fixture
def nodes() -> list[Node]:
  hosts = [Node.tpu("tpu-v6e-slice", "4x4", 4, hosts=4) for _ in range(4)]
  return [Node(), *hosts]


@pytest.fixture
def cluster(
  tmp_path: Path, nodes: list[Node], lws: str | None
) -> Iterator[Cluster]:
  with Cluster(
    tmp_path / "cluster",
    nodes,
    {IMAGE: sys.executable},
    scale=0.01,
    authenticated=False,
    lws=lws,
    jobset=True,
  ) as made:
    yield made


@pytest.fixture
def groups(kube: Any, cluster: Cluster) -> Groups:
  return Groups(kube, cluster)


@pytest.fixture
def pod() -> Callable[..., dict[str, Any]]:
  """A template of pods that print, and wait to be stopped."""

  def made(*, tpus: int = 0, script: str = "", **more: Any) -> dict[str, Any]:
    waits = "import signal, sys, os; signal.signal(15, lambda *_: sys.exit(0))"
    command = f"{waits}\n{script or 'signal.pause()'}"
    container = {
      "name": "main",
      "image": IMAGE,
      "command": ["python3", "-uc", command],
      **more,
    }
    if tpus:
      container["resources"] = {"limits": {"google.com/tpu": tpus}}
    # What is stopped before Python has come that far ignores it.
    spec = {"terminationGracePeriodSeconds": 1, "containers": [container]}
    return {"spec": spec}

  return made
