"""What only some machine types need of a node pool; pure.

Boot disks: the Compute Engine documentation's page on each machine series.
Drivers: GKE's "Run GPUs in Standard node pools". Workload policies: its pages
on A4X and on TPU7x.
"""

from __future__ import annotations

_HYPERDISK_ONLY = (
  "a3-ultragpu-",
  "a4-",
  "a4x-",
  "g4-",
  "tpu7-",
  "tpu7x-",
)
_NEWEST_DRIVER = ("a4-", "a4x-", "g4-")
_SLICES_BY_POLICY = ("tpu7-", "tpu7x-")
_PARTITIONED = "a4x-"
# Seventy-two GPUs that NVLink connects, in eighteen machines.
_PARTITION, _PARTITION_NODES = "1x72", 18


def disk_type(machine_type: str) -> str | None:
  """The boot disk's, where the usual kind cannot be had."""
  hyperdisk = machine_type.startswith(_HYPERDISK_ONLY)
  return "hyperdisk-balanced" if hyperdisk else None


def driver(machine_type: str) -> str:
  """Which driver: the newest knows these GPUs, and older ones no more."""
  return "LATEST" if machine_type.startswith(_NEWEST_DRIVER) else "DEFAULT"


def policy_topology(machine_type: str, tpu_topology: str | None) -> str | None:
  """The topology of the workload policy that places the machines, if any."""
  if machine_type.startswith(_PARTITIONED):
    return _PARTITION
  return tpu_topology if machine_type.startswith(_SLICES_BY_POLICY) else None


def partition_nodes(machine_type: str) -> int | None:
  """How many machines there are in one partition; None without any."""
  return _PARTITION_NODES if machine_type.startswith(_PARTITIONED) else None
