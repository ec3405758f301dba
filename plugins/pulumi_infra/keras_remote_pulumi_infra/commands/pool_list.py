"""``keras-remote pool list``."""

from __future__ import annotations

import click

from keras_remote_core.cli import printing
from keras_remote_core.errors import KerasRemoteError
from keras_remote_pulumi_infra import pool_rows, wanting
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.here import here


@click.command("list")
@options.place
@printing.json_option
def list_(where: options.Where, as_json: bool) -> None:
  """List the pools of the cluster, those that are somebody else's too."""
  place = here(where)
  connection = place.connection()
  if connection is None or connection.description is None:
    raise InfraError(
      f"project {place.project} has no cluster {place.place.cluster!r} in"
      f" {place.place.zone}",
      remedy="keras-remote up, or name another: --cluster",
    )
  try:
    config = wanting.kept(place.stack())
  except KerasRemoteError as error:
    click.echo(f"not told which are ours: {error.message}", err=True)
    config = None
  rows = pool_rows.rows(connection.description, config)
  printing.listing(pool_rows.COLUMNS, rows, as_json)
