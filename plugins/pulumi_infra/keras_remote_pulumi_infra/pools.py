"""The node pool that an accelerator takes; pure.

Machines and labels are those of the gke plugin, so that what a job asks for
and what is made for it come from one table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_core.model import Accelerator
from keras_remote_gke import machines
from keras_remote_pulumi_infra import machine_facts, pool_rules
from keras_remote_pulumi_infra.config import (
  RESERVED_POOLS,
  InfraConfig,
  PoolConfig,
)
from keras_remote_pulumi_infra.shapes import PoolShape

# GKE has none but those that everybody knows.
_ACCELERATORS = Accelerators(FAMILIES)
_SPOT = "cloud.google.com/gke-spot"
_FLEX_START = "cloud.google.com/gke-flex-start"
# Images for accelerators are large, and so are the data beside them.
_DISK_GB, _LARGE_DISK_GB = 100, 200
# Cheap, and enough for what a cluster runs of its own. It is there so that all
# other pools can be empty.
_SYSTEM_MACHINE, _SYSTEM_MOST = "e2-standard-2", 4


def pool_config(
  accelerator: Accelerator,
  *,
  spot: bool = False,
  reservation: str | None = None,
  flex_start: bool = False,
  machine_type: str | None = None,
  min_nodes: int = 0,
  max_nodes: int | None = None,
  taken: Collection[str] = (),
) -> PoolConfig:
  """The pool to add for an accelerator, under a name that is free.

  Args:
    taken: the names of the pools that there are.

  Raises:
    UsageError: such a pool cannot be had.
  """
  how = "spot" * spot + "flex" * flex_start + "reserved" * bool(reservation)
  made = PoolConfig(
    name=_free(_name(accelerator, how), {*taken, *RESERVED_POOLS}),
    accelerator=accelerator.name,
    machine_type=machine_type,
    spot=spot,
    flex_start=flex_start,
    reservation=reservation,
    min_nodes=min_nodes,
    max_nodes=max_nodes,
  )
  shape(made)
  return made


def wanted(config: InfraConfig) -> tuple[PoolConfig, ...]:
  """All pools that there should be; a cluster that was there has its own."""
  return config.pools if config.adopt else (*_own(config), *config.pools)


def _own(config: InfraConfig) -> Iterator[PoolConfig]:
  yield PoolConfig(
    name="system",
    accelerator="cpu",
    machine_type=_SYSTEM_MACHINE,
    min_nodes=1,
    max_nodes=_SYSTEM_MOST,
  )
  yield PoolConfig(
    name="cpu",
    accelerator="cpu",
    machine_type=config.cpu_machine_type,
    min_nodes=config.cpu_min_nodes,
    max_nodes=config.cpu_max_nodes,
  )


def shape(pool: PoolConfig) -> PoolShape:
  """What a pool is made of.

  Raises:
    UsageError: GKE has no such machines, or not in this way.
  """
  accelerator = _ACCELERATORS.parse(pool.accelerator).accelerator
  model = machines.model(accelerator)
  pool_rules.check_flex_start(pool, accelerator, model)
  machine = pool_rules.machine_type(pool, accelerator)
  least, most = pool_rules.nodes(pool, accelerator, machine)
  topology = accelerator.topology if accelerator.hosts > 1 else None
  gpu = accelerator.kind == "gpu"
  return PoolShape(
    name=pool.name,
    accelerator=accelerator,
    machine_type=machine,
    accelerator_type=model.label if model else None,
    accelerator_count=accelerator.chips_per_host if model else 0,
    tpu_topology=topology,
    policy_topology=machine_facts.policy_topology(machine, topology),
    min_nodes=least,
    max_nodes=most,
    taints=tuple(_taints(pool)),
    disk_type=machine_facts.disk_type(machine),
    disk_gb=_LARGE_DISK_GB if model else _DISK_GB,
    driver=machine_facts.driver(machine) if gpu else None,
    spot=pool.spot,
    flex_start=pool.flex_start,
    reservation=pool.reservation,
  )


def _taints(pool: PoolConfig) -> Iterator[tuple[str, str]]:
  """Keeps jobs away that did not ask for machines that can be taken away."""
  if pool.spot:
    yield _SPOT, "true"
  if pool.flex_start:
    yield _FLEX_START, "true"


def _name(accelerator: Accelerator, how: str) -> str:
  """Such as ``v6e-4x4-spot``."""
  plain = re.sub(r"[^a-z0-9]+", "-", accelerator.name.replace("hosts=", "on"))
  return f"{plain}-{how}" if how else plain


def _free(name: str, taken: Collection[str]) -> str:
  """The name, or the first with a number behind it that nobody has."""
  count, found = 1, name
  while found in taken:
    count += 1
    found = f"{name}-{count}"
  return found
