"""Removes what a stack made, and what belongs inside a cluster of others."""

from __future__ import annotations

import click
from attrs import frozen

from keras_remote_gcp import buckets
from keras_remote_gke.errors import ClusterError
from keras_remote_pulumi_infra import busy, components, in_cluster, showing
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.here import Here
from keras_remote_pulumi_infra.making import stopping
from keras_remote_pulumi_infra.stack import Stack


@frozen(kw_only=True, eq=False)
class Removing:
  """What is about to be removed.

  Args:
    config: None where no ``up`` was ever finished.
    delete_data: the bucket as well.
  """

  here: Here
  stack: Stack
  config: InfraConfig | None
  delete_data: bool

  @property
  def bucket(self) -> str:
    """The name of the bucket."""
    place = self.here.place
    return buckets.name(self.here.project, str(place.cluster))

  @property
  def adopted(self) -> bool:
    return self.config is not None and self.config.adopt

  def text(self) -> str:
    """What goes and what stays, for whoever has to agree."""
    place, data = self.here.place, f"the bucket gs://{self.bucket}"
    cluster = f"cluster {place.cluster} of project {self.here.project}"
    goes = f"{cluster} loses its pools and parts that up made"
    if not self.adopted:
      goes = f"{cluster} goes, with its machines and accounts"
    if going := self._jobs():
      goes += f", and {going} jobs that run or wait"
    stays = ["the APIs that are on", f"the state in {self.stack.state.url}"]
    if self.adopted:
      stays.insert(0, "the cluster itself")
    if self.delete_data:
      goes += f"; {data} goes with all that is in it"
    else:
      stays.insert(0, data)
    return f"{goes}\nwhat stays: {', '.join(stays)}"

  def _jobs(self) -> int:
    """How many jobs there are; a cluster that is away has none to show."""
    try:
      connection = self.here.connection()
      found = busy.jobs(connection.api) if connection else []
    except ClusterError:
      return 0
    return len({each.job_id for each in found})


def remove(asked: Removing) -> None:
  """Removes it, and the stack where nothing is left in it."""
  with showing.shown() as shown:
    if asked.config is not None and asked.adopted:
      connection = asked.here.connection()
      if connection is not None:
        in_cluster.remove(
          [each.name for each in in_cluster.wanted(asked.config)],
          connection.api,
          lambda change: shown.done(components.line(change)),
        )
    asked.stack.destroy(
      shown, stopping(shown), keep_protected=not asked.delete_data
    )
  if asked.stack.empty():
    asked.stack.forget()
    click.echo("all of it is gone")
  else:
    click.echo(f"gone; gs://{asked.bucket} is still there")
