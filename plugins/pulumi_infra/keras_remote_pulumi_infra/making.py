"""Makes what is wanted: shows it, asks, and then does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
from attrs import field, frozen

from keras_remote_gke.cluster import Connection
from keras_remote_pulumi_infra import (
  components,
  consent,
  failures,
  in_cluster,
  plan_text,
  program,
  showing,
  stack,
)
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.here import Here
from keras_remote_pulumi_infra.inside.sources import Source
from keras_remote_pulumi_infra.progress import Line
from keras_remote_pulumi_infra.showing import Plain
from keras_remote_pulumi_infra.stack import Stack

_STOPPING = (
  "stopping: what is begun is finished, nothing else is begun; once more"
  " drops it"
)


@frozen(kw_only=True, eq=False)
class Making:
  """What is wanted at a place, beside what is there.

  Args:
    stack: None where there is none yet.
    connection: None where there is no cluster yet.
    manifests: of controllers that do not come from their releases.
  """

  here: Here
  config: InfraConfig
  stack: Stack | None
  connection: Connection | None
  manifests: Mapping[str, Source] = field(factory=dict)

  def plan(self) -> list[Line]:
    """What would be done; nothing is."""
    existing = self.stack or stack.scratch(self.here.place)
    made = existing.preview(program.program(self.config))
    api = self.connection.api if self.connection else None
    inside = in_cluster.plan(self._wanted(), api)
    return [*made, *map(components.line, inside)]

  def show(self, lines: list[Line]) -> None:
    """Prints a plan."""
    click.echo(plan_text.text(heading(self.config), lines))

  def do(self) -> Mapping[str, Any]:
    """Makes all of it, and returns what the stack then tells."""
    here = self.here
    made = self.stack or stack.created(
      here.place, here.settings, here.credentials
    )
    with showing.shown() as shown:
      made.up(program.program(self.config), shown, stopping(shown))
      self._inside(shown)
    return made.outputs()

  def _wanted(self) -> tuple[in_cluster.Component, ...]:
    return in_cluster.wanted(self.config, self.manifests)

  def _inside(self, shown: Plain) -> None:
    """Makes what belongs inside the cluster, now that there is one."""
    connection = self.here.connection()
    if connection is None:
      raise InfraError(
        f"cluster {self.config.cluster} was made, and is not found",
        remedy="keras-remote up goes on from here",
      )
    try:
      in_cluster.apply(
        self._wanted(),
        connection.api,
        lambda change: shown.done(components.line(change)),
      )
    except KeyboardInterrupt:
      raise failures.interrupted() from None


def make(making: Making, *, yes: bool, preview: bool) -> Mapping[str, Any]:
  """Shows the plan, asks, does it, and returns the stack's outputs.

  Returns nothing where a preview was asked for.

  Raises:
    StackLocked: somebody else is at it.
    InfraError: something could not be made.
  """
  lines = making.plan()
  making.show(lines)
  if preview:
    return {}
  if making.stack is not None:
    unlocked(making.stack)
    if not any(each.changes for each in lines):
      return making.stack.outputs()
  consent.confirmed("go on?", yes)
  return making.do()


def unlocked(existing: Stack) -> None:
  """Raises StackLocked where somebody is at the stack."""
  who = existing.locked()
  if who is not None:
    raise failures.locked(existing.name, who)


def stopping(shown: Plain) -> Callable[[], None]:
  """What the first Ctrl-C tells."""
  return lambda: shown.note(_STOPPING)


def heading(config: InfraConfig) -> str:
  """Where it all is."""
  joined = ", which is there" if config.adopt else ""
  return (
    f"cluster {config.cluster}{joined}, in {config.location} of project"
    f" {config.project}:"
  )
