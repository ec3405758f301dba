"""``keras-remote pool remove``."""

from __future__ import annotations

import click
from attrs import evolve

from keras_remote_core.errors import UsageError
from keras_remote_core.suggestions import instead
from keras_remote_gke.cluster import Connection
from keras_remote_pulumi_infra import busy, making, wanting
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.here import here
from keras_remote_pulumi_infra.making import Making


@click.command()
@click.argument("name")
@options.place
@click.option("--force", is_flag=True, help="Even while jobs run on it.")
@options.agreeing
def remove(
  name: str,
  where: options.Where,
  force: bool,
  preview: bool,
  yes: bool,
) -> None:
  """Remove a pool of machines that was added."""
  place = here(where)
  stack = place.stack()
  config = wanting.required(place, stack)
  wanted = _without(config, name)
  connection = place.connection()
  if not force:
    _refuse_busy(connection, name)
  making.make(
    Making(here=place, config=wanted, stack=stack, connection=connection),
    yes=yes,
    preview=preview,
  )


def _without(config: InfraConfig, name: str) -> InfraConfig:
  left = tuple(each for each in config.pools if each.name != name)
  if len(left) == len(config.pools):
    known = [each.name for each in config.pools]
    raise UsageError(
      f"no pool {name!r} was added to cluster {config.cluster}",
      remedy=instead(name, known) or "keras-remote pool list",
    )
  return evolve(config, pools=left)


def _refuse_busy(connection: Connection | None, name: str) -> None:
  if connection is None:
    return
  ids = [each.job_id for each in busy.jobs(connection.api) if each.pool == name]
  if ids:
    raise InfraError(
      f"jobs run on pool {name}: {', '.join(ids)}",
      remedy="wait for them, end them with keras-remote jobs cancel, or remove"
      " it all the same: --force",
    )
