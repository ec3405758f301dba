"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Where = dict[str, str | None]


def place(command: Callable[..., Any]) -> Callable[..., Any]:
  """Adds ``--project``, ``--zone`` and ``--cluster``, together as ``where``."""

  @functools.wraps(command)
  def located(
    project: str | None, zone: str | None, cluster: str | None, **others: Any
  ) -> Any:
    where: Where = {"project": project, "zone": zone, "cluster": cluster}
    return command(where=where, **others)

  for option in (
    click.option("--cluster", metavar="NAME", help="The cluster."),
    click.option("--zone", metavar="ZONE", help="Where its machines are."),
    click.option("--project", metavar="ID", help="The Google Cloud project."),
  ):
    located = option(located)
  return located


def agreeing(command: F) -> F:
  """Adds ``--preview`` and ``--yes``."""
  for option in (
    click.option("--yes", is_flag=True, help="Ask nothing."),
    click.option(
      "--preview", is_flag=True, help="Show what would be done, and stop."
    ),
  ):
    command = option(command)
  return command


def wanted(command: F) -> F:
  """Adds what a cluster may be made of; what is left out stays as it is."""
  for option in reversed(_WANTED):
    command = option(command)
  return command


_WANTED = (
  click.option(
    "--adopt",
    is_flag=True,
    default=None,
    help="Join a cluster that is there: make only what it lacks.",
  ),
  click.option(
    "--cpu-machine-type",
    metavar="TYPE",
    help="Of the machines without an accelerator.",
  ),
  click.option(
    "--cpu-min-nodes",
    type=click.IntRange(min=0),
    help="How many of those are kept, and paid for, all the time.",
  ),
  click.option(
    "--cpu-max-nodes",
    type=click.IntRange(min=0),
    help="The most of those that there may be.",
  ),
  click.option("--network", metavar="NAME", help="An existing one to join."),
  click.option("--subnetwork", metavar="NAME", help="Of that network."),
  click.option(
    "--namespace", metavar="NAME", help="The namespace that jobs run in."
  ),
  click.option(
    "--service-account",
    metavar="NAME",
    help="The Kubernetes service account that jobs act as.",
  ),
  click.option(
    "--auto-provisioning/--no-auto-provisioning",
    default=None,
    help="Whether the cluster makes pools for what jobs ask for.",
  ),
  click.option(
    "--controllers",
    metavar="NAMES",
    help="What is installed in the cluster: lws,jobset,kueue.",
    callback=lambda ctx, param, value: _names(value),
  ),
)


def _names(value: str | None) -> tuple[str, ...] | None:
  if value is None:
    return None
  return tuple(each.strip() for each in value.split(",") if each.strip())
