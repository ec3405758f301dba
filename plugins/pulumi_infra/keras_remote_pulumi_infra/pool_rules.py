"""What can be had of a node pool, and what cannot; pure."""

from __future__ import annotations

from keras_remote_core.errors import UsageError
from keras_remote_core.model import Accelerator
from keras_remote_gke import machines
from keras_remote_gke.hardware import Model
from keras_remote_pulumi_infra import machine_facts
from keras_remote_pulumi_infra.config import PoolConfig

_MOST = 8
"""How many machines a pool can grow to where nobody says otherwise."""
# A node keeps some of each CPU for itself, so that one more is needed.
_CPU_MACHINES = (
  *((f"e2-standard-{cpus}", cpus) for cpus in (8, 16, 32)),
  *((f"n2-standard-{cpus}", cpus) for cpus in (48, 64, 80, 96, 128)),
)


def check_flex_start(
  pool: PoolConfig, accelerator: Accelerator, model: Model | None
) -> None:
  if not pool.flex_start:
    return
  if model and not model.flex_start:
    raise UsageError(
      f"{accelerator.family} cannot be had by flex-start",
      remedy="leave --flex-start out, or add --spot or --reservation NAME",
    )
  if pool.min_nodes:
    raise UsageError(
      "machines that are had by flex-start come when a job needs them, and"
      f" {pool.min_nodes} should stay",
      remedy="leave --min-nodes out",
    )


def machine_type(pool: PoolConfig, accelerator: Accelerator) -> str:
  types = machines.machine_types(accelerator)
  if not types:
    return pool.machine_type or _with_cpus(accelerator)
  names = [each.name for each in types]
  if pool.machine_type in (None, *names):
    return pool.machine_type or names[0]
  raise UsageError(
    f"{pool.machine_type} has no {accelerator.name}; what has:"
    f" {', '.join(dict.fromkeys(names))}",
    remedy="name one of those by --machine-type, or leave it out",
  )


def _with_cpus(accelerator: Accelerator) -> str:
  for name, cpus in _CPU_MACHINES:
    if cpus > accelerator.chips:
      return name
  raise UsageError(
    f"no usual machine gives a job {accelerator.chips} CPUs",
    remedy="name one by --machine-type; see: gcloud compute machine-types list",
  )


def nodes(
  pool: PoolConfig, accelerator: Accelerator, machine: str
) -> tuple[int, int]:
  """How many machines there are at least and at most."""
  if accelerator.hosts > 1:
    return _all_or_none(pool, accelerator.hosts)
  if pool.max_nodes is not None:
    return pool.min_nodes, pool.max_nodes
  most = machine_facts.partition_nodes(machine) or _MOST
  return pool.min_nodes, max(most, pool.min_nodes)


def _all_or_none(pool: PoolConfig, hosts: int) -> tuple[int, int]:
  """A slice is there as a whole, or not at all."""
  if pool.min_nodes in (0, hosts) and pool.max_nodes in (None, hosts):
    return pool.min_nodes, hosts
  raise UsageError(
    f"{pool.accelerator} is one slice of {hosts} machines, of which there are"
    f" all or none: a pool of it has 0 or {hosts} of them at least, and"
    f" {hosts} at most",
    remedy="leave --max-nodes out, and add one pool for each slice",
  )
