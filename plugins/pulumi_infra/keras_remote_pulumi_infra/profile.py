"""Keeps a cluster as a profile, so that jobs find it from now on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from keras_remote_core import profiles_file, registry
from keras_remote_core.cli.settings import every_section
from keras_remote_core.profiles import Profiles
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.settings import SECTION

_PLACE = ("project", "zone", "cluster")
_BACKENDS = ("gke", "pathways")
"""Whose jobs act as the account that may use the bucket."""
_NEXT = "keras-remote pool add --accelerator v6e-8 --spot"


def tell(
  config: InfraConfig,
  outputs: Mapping[str, Any],
  state: str | None,
  name: str | None,
) -> None:
  """Keeps a profile, as ``save`` does, and says what can be done now."""
  saved = save(config, outputs, state, name)
  click.echo(f"profile {saved} is active: jobs run on {config.cluster} now")
  click.echo(f"next: {_NEXT if not config.pools else 'keras-remote doctor'}")


def save(
  config: InfraConfig,
  outputs: Mapping[str, Any],
  state: str | None,
  name: str | None,
) -> str:
  """Keeps and activates a profile, and returns its name.

  Args:
    outputs: of the stack; empty where there is none.
    state: where the stack is kept in mind, if not in the usual place.
    name: None: that of the cluster, where no other cluster has it.
  """
  kept = profiles_file.load()
  chosen = name or _name(config, kept)
  if chosen not in kept.profiles:
    kept = kept.create(chosen)
  sections = every_section(registry.installed())
  for key, value in _values(config, outputs, state):
    if key.rpartition(".")[0] in {each or "" for each in sections}:
      kept = kept.set(chosen, key, value, sections)
  profiles_file.save(kept.use(chosen))
  return chosen


def _values(
  config: InfraConfig, outputs: Mapping[str, Any], state: str | None
) -> Iterator[tuple[str, str]]:
  yield "project", config.project
  yield "zone", config.node_zone
  yield "cluster", config.cluster
  yield "namespace", config.namespace
  if outputs:
    for backend in _BACKENDS:
      yield f"{backend}.service_account", config.service_account
  if account := outputs.get("build_account"):
    yield "cloudbuild.service_account", str(account)
    yield "cloudbuild.repository", config.repository
  if state is not None:
    yield f"{SECTION}.state", state


def _name(config: InfraConfig, kept: Profiles) -> str:
  """The cluster's name; with its project's, where that is another's."""
  held = kept.profiles.get(config.cluster)
  mine = (config.project, config.node_zone, config.cluster)
  if held is None or tuple(map(held.get, _PLACE)) == mine:
    return config.cluster
  return f"{config.project.replace(':', '-')}-{config.cluster}"
