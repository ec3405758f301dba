"""``keras-remote down``."""

from __future__ import annotations

import click

from keras_remote_core.errors import UsageError
from keras_remote_pulumi_infra import consent, making, removing, wanting
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.here import Here, here
from keras_remote_pulumi_infra.removing import Removing
from keras_remote_pulumi_infra.stack import Stack


@click.command()
@options.place
@click.option(
  "--delete-data",
  is_flag=True,
  help="Remove the bucket too, with all that jobs keep in it.",
)
@click.option("--unlock", is_flag=True, help="Take a dead run's lock away.")
@options.agreeing
def down(
  where: options.Where,
  delete_data: bool,
  unlock: bool,
  preview: bool,
  yes: bool,
) -> None:
  """Remove what up made: the cluster with all that runs on it.

  The bucket stays, with what jobs wrote, unless --delete-data is given. So do
  APIs that were turned on, and the state of the stack.
  """
  if yes and where["cluster"] is None:
    raise UsageError(
      "what is removed unasked has to be named",
      remedy="keras-remote down --yes --cluster NAME",
    )
  place = here(where)
  stack = _required(place)
  if unlock:
    stack.unlock()
  making.unlocked(stack)
  config = wanting.kept(stack)
  asked = Removing(
    here=place, stack=stack, config=config, delete_data=delete_data
  )
  click.echo(asked.text())
  if preview:
    return
  if not yes:
    _ask(asked)
  removing.remove(asked)


def _required(place: Here) -> Stack:
  found = place.stack()
  if found is None:
    raise InfraError(
      f"keras-remote has made nothing for cluster {place.place.cluster} in"
      f" project {place.project}",
      remedy="name another: --cluster and --project; see: keras-remote status",
    )
  return found


def _ask(asked: Removing) -> None:
  """Two questions where there are two things to lose."""
  consent.typed(str(asked.here.place.cluster), "the cluster's name")
  if asked.delete_data:
    consent.typed(asked.bucket, "the bucket's name")
