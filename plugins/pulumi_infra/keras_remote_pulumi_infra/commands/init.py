"""``keras-remote init``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from keras_remote_core.errors import UsageError
from keras_remote_gcp.credentials import google_of
from keras_remote_gke import container_api
from keras_remote_gke.errors import NoCluster
from keras_remote_pulumi_infra import profile, wanting
from keras_remote_pulumi_infra.commands import options
from keras_remote_pulumi_infra.commands.up import up
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.here import Here, here

_NEW = "make a new one"


@click.command()
@options.place
@click.option("--create", is_flag=True, help="Make a cluster, ask for none.")
@click.option(
  "--profile", "name", metavar="NAME", help="What the profile is called."
)
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.pass_context
def init(
  ctx: click.Context,
  where: options.Where,
  create: bool,
  name: str | None,
  yes: bool,
) -> None:
  """Join a cluster that is there, or make one, and keep it as a profile.

  Looks for the clusters of the project, and asks which one jobs should use.
  Without a terminal, --cluster or --create decides.
  """
  place = here(where)
  found = [] if create else _clusters(place)
  chosen = None if create else _chosen(place, found, where["cluster"])
  if chosen is not None:
    _join(place, chosen, name)
    return
  ctx.invoke(up, **{**where, "project": place.project}, name=name, yes=yes)


def _clusters(place: Here) -> list[Mapping[str, Any]]:
  """All of the project; none where its API is not even enabled."""
  google = google_of(place.credentials)
  try:
    return list(container_api.listed(place.place, google))
  except NoCluster as error:
    if not place.unused(error):
      raise
    return []


def _chosen(
  place: Here, found: Sequence[Mapping[str, Any]], cluster: str | None
) -> Mapping[str, Any] | None:
  """The cluster to join; None for a new one."""
  if cluster is not None:
    named = [each for each in found if each["name"] == cluster]
    return named[0] if named else None
  if sys.stdin is None or not sys.stdin.isatty():
    raise UsageError(
      f"project {place.project} has {_listed(found)}, and nobody can be asked"
      " here which one jobs should use",
      remedy="--cluster NAME joins or makes that one, --create the usual one",
    )
  return _asked(place, found)


def _asked(
  place: Here, found: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
  click.echo(f"project {place.project} has {_listed(found)}")
  offers = [f"{each['name']} in {each['location']}" for each in found]
  for number, offer in enumerate([*offers, _NEW], start=1):
    click.echo(f"  {number}  {offer}")
  last = len(offers) + 1
  number = click.prompt(
    "which one", type=click.IntRange(1, last), default=1, err=True
  )
  return None if number == last else found[number - 1]


def _listed(found: Sequence[Mapping[str, Any]]) -> str:
  names = ", ".join(str(each["name"]) for each in found)
  return f"the clusters {names}" if found else "no cluster"


def _join(place: Here, found: Mapping[str, Any], name: str | None) -> None:
  """Keeps a cluster that is there as a profile."""
  zone = str(found.get("locations", [found["location"]])[0])
  there = here(
    {"project": place.project, "zone": zone, "cluster": str(found["name"])}
  )
  stack = there.stack()
  config = wanting.kept(stack)
  if stack is not None and config is not None:
    outputs = stack.outputs()
    profile.tell(config, outputs, there.settings.state, name)
    return
  joined = InfraConfig(
    project=there.project,
    location=str(found["location"]),
    node_zone=zone,
    cluster=str(found["name"]),
    namespace=there.place.namespace or "default",
  )
  saved = profile.save(joined, {}, there.settings.state, name)
  click.echo(f"profile {saved} is active: jobs run on {joined.cluster} now")
  click.echo("keras-remote did not make it; what it lacks: ", nl=False)
  click.echo("keras-remote up --adopt --preview")
