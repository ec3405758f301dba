"""For whatever can be asked of ``run``, ``pool add`` makes what it runs on.

The pools are those of one program on Pulumi's mocks; their nodes are as GKE
makes them; pods are what the backends submit; and the emulated cluster's own
scheduler decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import frozen

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_core.model import Accelerator, Resources
from keras_remote_gke import machines, node_pools
from keras_remote_gke.testing.controllers import fitting
from keras_remote_pathways import generations, layouts
from keras_remote_pulumi_infra import pools
from keras_remote_pulumi_infra.config import PoolConfig
from keras_remote_pulumi_infra.inside import github
from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.testing import gke

NAMES = Accelerators(FAMILIES)
# Of what follows a rule, some that no table has.
BY_RULE = (
  "v4-4x4x16",
  "v4-8x12x16",
  "v5p-4x4x20",
  "v5p-8x12x12",
  "v5p-4x8x44",
  "tpu7x-4x12x20",
  "tpu7x-12x16x16",
  "tpu7-4x4x16",
)
CPUS = ("cpu:1", "cpu:8", "cpu:31", "cpu:96")
WAYS = {
  "": {},
  "spot": {"spot": True},
  "flex": {"flex_start": True},
  "reserved": {"reservation": "ours"},
  "shared": {"reservation": "projects/theirs-1/reservations/shared"},
}


@frozen
class Asked:
  """An accelerator, and how its machines are to be had."""

  accelerator: Accelerator
  way: str

  def __str__(self) -> str:
    return f"{self.accelerator.name}{'+' * bool(self.way)}{self.way}"

  @property
  def resources(self) -> Resources:
    return Resources(accelerator=self.accelerator, spot=self.way == "spot")

  @property
  def parameters(self) -> dict[str, Any]:
    """What ``run`` is given."""
    given = dict(WAYS[self.way])
    spot = ":spot" * bool(given.pop("spot", False))
    return {"accelerator": f"{self.accelerator.name}{spot}", **given}

  @property
  def backends(self) -> tuple[str, ...]:
    drives = generations.drives(self.accelerator)
    return ("gke", "pathways") if drives else ("gke",)


def _every() -> Iterator[Asked]:
  by_name = map(NAMES.parse, (*CPUS, *BY_RULE))
  for accelerator in (
    *NAMES.describe(),
    *(each.accelerator for each in by_name),
  ):
    model = machines.model(accelerator)
    for way in WAYS:
      if way != "flex" or model is None or model.flex_start:
        yield Asked(accelerator, way)


EVERY = tuple(_every())


@pytest.fixture(scope="session")
def added() -> dict[Asked, PoolConfig]:
  """What ``pool add`` adds for each, one after the other."""
  found: dict[Asked, PoolConfig] = {}
  for each in EVERY:
    taken = [pool.name for pool in found.values()]
    found[each] = pools.pool_config(
      each.accelerator, **WAYS[each.way], taken=taken
    )
  return found


@pytest.fixture(scope="session")
def program(made, added):
  """All of them in one cluster."""
  return made(pools=tuple(added.values()))


@pytest.mark.parametrize("asked", EVERY, ids=str)
def test_the_pool_that_is_added_satisfies_the_pod_that_is_submitted(
  asked, added, program, pods_of
):
  name = added[asked].name
  pool = program.resources[f"pool-{name}"].inputs
  described = {"nodePools": [gke.description(pool)]}
  assert node_pools.fitting(described, asked.resources) == [name]
  for backend in asked.backends:
    workers = pods_of(backend=backend, **asked.parameters).workers
    assert fitting.misfit(workers, gke.node(pool), {}) is None
  assert _most(pool) * _chips(pool) >= asked.accelerator.chips
  if asked.accelerator.hosts > 1:
    assert _most(pool) == asked.accelerator.hosts


def _most(pool: Any) -> int:
  return int(pool["autoscaling"]["totalMaxNodeCount"])


def _chips(pool: Any) -> int:
  """Of one node; of one without an accelerator, its CPUs."""
  room = fitting.allocatable(gke.node(pool))
  found = room.get("google.com/tpu") or room.get("nvidia.com/gpu")
  return int(found or room["cpu"])


@pytest.mark.parametrize("layout", layouts.INSTALL)
def test_a_controller_is_the_one_that_up_installs_whoever_names_it(layout):
  assert layouts.INSTALL[layout] == github.url(RELEASES[layout])
