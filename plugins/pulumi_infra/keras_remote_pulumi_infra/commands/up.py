"""``keras-remote up``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_pulumi_infra import making, profile, pulumi_cli, wanting
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.here import here
from keras_remote_pulumi_infra.inside import sources
from keras_remote_pulumi_infra.making import Making


@click.command()
@options.place
@options.wanted
@click.option(
  "--regional",
  is_flag=True,
  help="Have the control plane in all zones of the region.",
)
@click.option(
  "--manifest",
  "manifests",
  metavar="NAME=FILE",
  multiple=True,
  help="A controller's, where it does not come from GitHub.",
)
@options.agreeing
@click.option(
  "--profile", "name", metavar="NAME", help="What the profile is called."
)
@click.option(
  "--install-pulumi", is_flag=True, help="Get the Pulumi CLI first."
)
@click.option(
  "--unlock", is_flag=True, help="Take the lock of a run that died away."
)
def up(
  where: options.Where,
  regional: bool,
  manifests: tuple[str, ...],
  preview: bool,
  yes: bool,
  name: str | None,
  install_pulumi: bool,
  unlock: bool,
  **given: Any,
) -> None:
  """Make what jobs need on Google Cloud, or change it.

  That is a cluster whose pools have no machine while nothing runs, a bucket, a
  repository for images, accounts that may no more than they have to, and what
  belongs inside the cluster. Only what is missing or different is made; what
  an earlier run was told and this one is not stays as it is. When it is done,
  a profile has all jobs use it.
  """
  if install_pulumi:
    pulumi_cli.install()
  place = here({**where, "namespace": given["namespace"]})
  stack = place.stack()
  if stack is not None and unlock:
    stack.unlock()
  connection = place.connection()
  asked = Making(
    here=place,
    config=wanting.config(place, stack, connection, given, regional),
    stack=stack,
    connection=connection,
    manifests=dict(map(sources.parse, manifests)),
  )
  outputs = making.make(asked, yes=yes, preview=preview)
  if not preview:
    profile.tell(asked.config, outputs, place.settings.state, name)
