"""Nodes as GKE makes them; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from attrs import field, frozen

from keras_remote_gke.testing.control.objects import Object, now

_VERSION = "v1.36.1-gke.1"
_GKE = "cloud.google.com/gke"
ACCELERATOR = f"{_GKE}-accelerator"
TOPOLOGY = f"{_GKE}-tpu-topology"
SPOT = f"{_GKE}-spot"


@frozen(kw_only=True)
class Node:
  """One machine of a node pool.

  Args:
    cpus: as many as pods may ask for.
    memory: GiB.
    disk: GiB of ephemeral storage.
    devices: extended resources, such as ``{"nvidia.com/gpu": 1}``.
    labels: besides those that every node has.
    taints: each as ``key=value:effect``.
    hosts: how many machines its TPU slice takes.
  """

  pool: str = "default-pool"
  machine: str = "e2-standard-32"
  cpus: int = 32
  memory: int = 128
  disk: int = 100
  devices: Mapping[str, int] = field(factory=dict)
  labels: Mapping[str, str] = field(factory=dict)
  taints: tuple[str, ...] = ()
  zone: str = "us-central1-a"
  hosts: int = 1

  @classmethod
  def cpu(cls, *, spot: bool = False) -> Self:
    """A node without an accelerator."""
    return cls(
      pool=f"default-pool{'-spot' * spot}",
      labels=_provisioning(spot),
      taints=_spot_taints(spot),
    )

  @classmethod
  def gpu(
    cls,
    accelerator: str,
    count: int = 1,
    *,
    machine: str = "g2-standard-4",
    cpus: int = 32,
    memory: int = 128,
    spot: bool = False,
  ) -> Self:
    """A node with GPUs, such as ``Node.gpu("nvidia-l4")``."""
    return cls(
      pool=f"{accelerator}-{count}{'-spot' * spot}",
      machine=machine,
      cpus=cpus,
      memory=memory,
      devices={"nvidia.com/gpu": count},
      labels={
        ACCELERATOR: accelerator,
        f"{_GKE}-accelerator-count": str(count),
        **_provisioning(spot),
      },
      taints=("nvidia.com/gpu=present:NoSchedule", *_spot_taints(spot)),
    )

  @classmethod
  def tpu(
    cls,
    accelerator: str,
    topology: str,
    chips: int,
    *,
    machine: str = "ct6e-standard-8t",
    cpus: int = 180,
    memory: int = 720,
    hosts: int = 1,
    spot: bool = False,
  ) -> Self:
    """A TPU host, such as ``Node.tpu("tpu-v6e-slice", "2x4", 8)``.

    Args:
      chips: of this host.
      hosts: how many hosts the topology takes; each is a node of its own.
    """
    return cls(
      # Two slices may be alike but for the machines they are made of.
      pool=f"{accelerator}-{topology}-{chips}t{'-spot' * spot}",
      machine=machine,
      cpus=cpus,
      memory=memory,
      devices={"google.com/tpu": chips},
      hosts=hosts,
      labels={
        f"{_GKE}-tpu-accelerator": accelerator,
        TOPOLOGY: topology,
        f"{_GKE}-accelerator-count": str(chips),
        **_provisioning(spot),
      },
      taints=("google.com/tpu=present:NoSchedule", *_spot_taints(spot)),
    )


def made(node: Node, name: str, address: str) -> Object:
  """The Node object that a node registers itself as."""
  amounts = {
    "cpu": str(node.cpus),
    "memory": f"{node.memory}Gi",
    "ephemeral-storage": f"{node.disk}Gi",
    "pods": "110",
    **{key: str(value) for key, value in node.devices.items()},
  }
  spec: Object = {"taints": [_taint(each) for each in node.taints]}
  return {
    "metadata": {"name": name, "labels": _labels(node, name)},
    "spec": spec if node.taints else {},
    "status": {
      "capacity": amounts,
      "allocatable": amounts,
      "conditions": [ready("True")],
      "addresses": [
        {"type": "InternalIP", "address": address},
        {"type": "Hostname", "address": name},
      ],
      "nodeInfo": {
        "architecture": "amd64",
        "bootID": "00000000-0000-4000-8000-000000000000",
        "containerRuntimeVersion": "containerd://2.1.5",
        "kernelVersion": "6.12.0",
        "kubeProxyVersion": "",
        "kubeletVersion": _VERSION,
        "machineID": "0" * 32,
        "operatingSystem": "linux",
        "osImage": "Container-Optimized OS from Google",
        "systemUUID": "00000000-0000-4000-8000-000000000000",
      },
    },
  }


def ready(status: str) -> Object:
  """A node's condition; Unknown: nobody has heard of it for a while."""
  reasons = {
    "True": ("KubeletReady", "kubelet is posting ready status"),
    "Unknown": ("NodeStatusUnknown", "Kubelet stopped posting node status."),
  }
  reason, message = reasons[status]
  return {
    "type": "Ready",
    "status": status,
    "lastHeartbeatTime": now(),
    "lastTransitionTime": now(),
    "reason": reason,
    "message": message,
  }


def _labels(node: Node, name: str) -> dict[str, str]:
  return {
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": node.machine,
    "topology.kubernetes.io/region": node.zone.rpartition("-")[0],
    "topology.kubernetes.io/zone": node.zone,
    f"{_GKE}-nodepool": node.pool,
    **node.labels,
  }


def _provisioning(spot: bool) -> dict[str, str]:
  if spot:
    return {SPOT: "true", f"{_GKE}-provisioning": "spot"}
  return {f"{_GKE}-provisioning": "standard"}


def _spot_taints(spot: bool) -> tuple[str, ...]:
  return (f"{SPOT}=true:NoSchedule",) if spot else ()


def _taint(text: str) -> Object:
  pair, _, effect = text.rpartition(":")
  key, _, value = pair.partition("=")
  return {"key": key, "value": value, "effect": effect}
