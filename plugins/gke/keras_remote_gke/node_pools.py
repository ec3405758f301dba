"""Whether a cluster has, or would make, nodes for a job; pure.

Read from the description that Google's Container API gives of a cluster, where
a pool shows even while it has no node.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keras_remote_core.model import Resources
from keras_remote_gke import machines

Pool = Mapping[str, Any]


def makes_its_own(cluster: Mapping[str, Any]) -> bool:
  """Whether the cluster adds pools for whatever pods ask for."""
  autopilot = cluster.get("autopilot", {}).get("enabled", False)
  automatic = cluster.get("autoscaling", {}).get("enableNodeAutoprovisioning")
  return bool(autopilot or automatic)


def fitting(cluster: Mapping[str, Any], resources: Resources) -> list[str]:
  """The names of the pools whose nodes a job of these resources can have."""
  return [
    str(each["name"])
    for each in cluster.get("nodePools", ())
    if _fits(each, resources)
  ]


def plain(cluster: Mapping[str, Any]) -> list[str]:
  """The names of the pools whose machines have no accelerator."""
  return [
    str(each["name"])
    for each in cluster.get("nodePools", ())
    if not each.get("config", {}).get("accelerators")
    and _machine(each) not in machines.TPU_TYPES
  ]


def describe(cluster: Mapping[str, Any]) -> str:
  """What the cluster's pools are made of, for people."""
  pools = cluster.get("nodePools", ())
  told = ", ".join(f"{each['name']} ({_machine(each)})" for each in pools)
  return told or "none"


def _fits(pool: Pool, resources: Resources) -> bool:
  accelerator = resources.accelerator
  if resources.spot and not pool.get("config", {}).get("spot"):
    return False
  if accelerator.kind == "gpu":
    return _has_gpus(pool, resources)
  if accelerator.kind == "tpu":
    types = {each.name for each in machines.machine_types(accelerator)}
    return _machine(pool) in types and _is_slice(pool, resources)
  return True


def _has_gpus(pool: Pool, resources: Resources) -> bool:
  found = machines.model(resources.accelerator)
  gpus: Sequence[Mapping[str, Any]] = pool.get("config", {}).get(
    "accelerators", ()
  )
  return found is not None and any(
    each.get("acceleratorType") == found.label
    and int(each.get("acceleratorCount", 0)) >= resources.accelerator.chips
    for each in gpus
  )


def _is_slice(pool: Pool, resources: Resources) -> bool:
  """A slice of several machines has a placement; a single machine has none."""
  topology = pool.get("placementPolicy", {}).get("tpuTopology")
  if resources.accelerator.hosts == 1:
    return topology in (None, "", resources.accelerator.topology)
  return bool(topology == resources.accelerator.topology)


def _machine(pool: Pool) -> str:
  return str(pool.get("config", {}).get("machineType", "machines unknown"))
