"""What is wanted: what was made before, with what the caller changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from keras_remote_core.errors import UsageError
from keras_remote_gke.cluster import Connection
from keras_remote_pulumi_infra import adopting, forms, repositories
from keras_remote_pulumi_infra.config import InfraConfig, from_json
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.here import Here
from keras_remote_pulumi_infra.stack import Stack


def kept(stack: Stack | None) -> InfraConfig | None:
  """What a stack was made of last; None where nothing was finished yet."""
  text = stack.outputs().get("config") if stack else None
  return from_json(str(text)) if text else None


def required(here: Here, stack: Stack | None) -> InfraConfig:
  """What the place's stack was made of.

  Raises:
    InfraError: keras-remote made nothing there.
  """
  found = kept(stack)
  if found is None:
    raise InfraError(
      f"keras-remote has made nothing for cluster {here.place.cluster} in"
      f" project {here.project}",
      remedy="keras-remote up; for a cluster that is there already, with"
      " --adopt; or name another: --cluster",
    )
  return found


def config(
  here: Here,
  stack: Stack | None,
  connection: Connection | None,
  given: Mapping[str, Any],
  regional: bool = False,
) -> InfraConfig:
  """What is wanted at a place.

  Args:
    given: fields of InfraConfig that the caller names; None: not given.

  Raises:
    UsageError: the cluster is, or would be, somewhere else.
    InfraError: there is a cluster of this name that is somebody else's.
  """
  changes = {name: each for name, each in given.items() if each is not None}
  base = kept(stack) or _first(here, stack, connection, changes, regional)
  if "zone" in here.origins and here.origins["zone"] != "default":
    _check_zone(base, here)
  made = evolve(base, **changes)
  if made.adopt and connection is not None and connection.description:
    adopting.check(made, connection.description)
  return made


def _first(
  here: Here,
  stack: Stack | None,
  connection: Connection | None,
  changes: Mapping[str, Any],
  regional: bool,
) -> InfraConfig:
  """The config of a cluster that no up was finished for."""
  zone = str(here.place.zone)
  location = forms.region(zone) if regional else zone
  there = connection.description if connection else None
  if changes.get("adopt"):
    location = str(_adopted(here, there)["location"])
  elif there is not None and stack is None:
    raise _foreign(here)
  made = InfraConfig(
    project=here.project,
    location=location,
    node_zone=zone,
    cluster=str(here.place.cluster),
    namespace=here.place.namespace or "default",
  )
  ours = stack is not None and stack.holds("repository")
  shared = not ours and repositories.exists(made, here.credentials)
  return evolve(made, adopt_repository=shared)


def _adopted(here: Here, there: Mapping[str, Any] | None) -> Mapping[str, Any]:
  if there is None:
    raise InfraError(
      f"project {here.project} has no cluster {here.place.cluster!r} in"
      f" {here.place.zone} that could be joined",
      remedy="gcloud container clusters list, then name it by --cluster and"
      " --zone; or leave --adopt out",
    )
  return there


def _foreign(here: Here) -> InfraError:
  return InfraError(
    f"project {here.project} has a cluster {here.place.cluster} already, which"
    " keras-remote did not make",
    remedy="join it: keras-remote up --adopt; or name a new one: --cluster",
  )


def _check_zone(base: InfraConfig, here: Here) -> None:
  if here.place.zone not in (base.node_zone, base.location):
    raise UsageError(
      f"the machines of cluster {base.cluster} in project {base.project} are in"
      f" {base.node_zone}, not in {here.place.zone}",
      remedy=f"--zone {base.node_zone}, or a cluster of another name:"
      " --cluster",
    )
