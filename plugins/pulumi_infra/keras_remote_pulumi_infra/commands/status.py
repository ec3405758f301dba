"""``keras-remote status``."""

from __future__ import annotations

import click

from keras_remote_core.cli import printing
from keras_remote_pulumi_infra import standing, standing_text
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.here import here


@click.command()
@options.place
@printing.json_option
def status(where: options.Where, as_json: bool) -> None:
  """Show the cluster, its pools and what belongs to it; change nothing."""
  place = here(where)
  found = standing.standing(place)
  if as_json:
    printing.document(found)
    return
  click.echo(standing_text.text(found))
  if standing.nothing(found):
    click.echo("there is no cluster; make it: keras-remote up")
