"""``keras-remote pool add``."""

from __future__ import annotations

from typing import Any

import click
from attrs import evolve

from keras_remote_core import planning, registry
from keras_remote_core.errors import UsageError
from keras_remote_core.model import Accelerator, Resources
from keras_remote_pulumi_infra import making, pools, price, wanting
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.config import InfraConfig, PoolConfig
from keras_remote_pulumi_infra.here import Here, here
from keras_remote_pulumi_infra.making import Making


@click.command()
@options.place
@click.option(
  "--accelerator",
  metavar="NAME",
  help="Such as v6e-4x4, a100x4 or cpu. [default: the accelerator that is set]",
)
@click.option(
  "--name", metavar="NAME", help="The pool's, in place of a usual one."
)
@click.option("--spot", is_flag=True, help="Cheaper, and taken away at need.")
@click.option("--reservation", metavar="NAME", help="Machines set aside.")
@click.option("--flex-start", is_flag=True, help="Wait for machines in line.")
@click.option(
  "--machine-type", metavar="TYPE", help="In place of the smallest."
)
@click.option(
  "--min-nodes",
  type=click.IntRange(min=0),
  default=0,
  help="How many are kept, and paid for, all the time.",
)
@click.option(
  "--max-nodes", type=click.IntRange(min=1), help="The most there may be."
)
@click.option(
  "--slices",
  type=click.IntRange(min=1),
  default=1,
  help="How many pools; a slice of several machines is one.",
)
@options.agreeing
def add(
  where: options.Where,
  accelerator: str | None,
  name: str | None,
  slices: int,
  preview: bool,
  yes: bool,
  **asked: Any,
) -> None:
  """Add a pool of machines with an accelerator to the cluster.

  Machines come when a job needs them, and go when none does: an empty pool
  costs nothing.
  """
  place = here(where)
  stack = place.stack()
  config = wanting.required(place, stack)
  resources = _resources(place, accelerator)
  asked["spot"] = asked["spot"] or resources.spot
  added = _pools(resources.accelerator, slices, config, asked)
  if name is not None:
    added = [_named(each, name, index) for index, each in enumerate(added)]
  click.echo(_priced(added[0], config, place))
  wanted = evolve(config, pools=(*config.pools, *added))
  making.make(
    Making(
      here=place,
      config=wanted,
      stack=stack,
      connection=place.connection(),
    ),
    yes=yes,
    preview=preview,
  )


def _resources(place: Here, given: str | None) -> Resources:
  if given is None and place.origins["accelerator"] == "default":
    raise UsageError(
      "it is not said which accelerator the machines should have",
      remedy="--accelerator v6e-8; keras-remote accelerators lists all",
    )
  name = given or place.accelerator
  return planning.parse_accelerator(name, registry.installed())


def _pools(
  accelerator: Accelerator,
  slices: int,
  config: InfraConfig,
  asked: dict[str, Any],
) -> list[PoolConfig]:
  made: list[PoolConfig] = []
  for _ in range(slices):
    taken = {each.name for each in (*config.pools, *made)}
    made.append(pools.pool_config(accelerator, taken=taken, **asked))
  return made


def _named(pool: PoolConfig, name: str, index: int) -> PoolConfig:
  """Under the caller's name, which those after the first have a number to."""
  return evolve(pool, name=f"{name}-{index + 1}" if index else name)


def _priced(pool: PoolConfig, config: InfraConfig, place: Here) -> str:
  """What a machine of the pool costs, as far as Google tells."""
  found = price.hourly(pool, config.node_zone, place.credentials)
  machine = pools.shape(pool).machine_type
  if found is None:
    return f"the price of {machine} is unknown"
  return f"{machine}: {found} while it runs"
