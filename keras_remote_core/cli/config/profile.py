"""``keras-remote config profile``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from keras_remote_core import profiles_file
from keras_remote_core.cli import printing


@click.group()
def profile() -> None:
  """Keep several sets of settings, one of them active."""


@profile.command("list")
@printing.json_option
def list_(as_json: bool) -> None:
  """List the profiles and say which one is active."""
  kept = profiles_file.load()
  records = [
    {"name": name, "active": name == kept.active, "settings": len(values)}
    for name, values in kept.profiles.items()
  ]
  printing.listing(("name", "active", "settings"), records, as_json)


@profile.command()
@click.argument("name")
@printing.json_option
def show(name: str, as_json: bool) -> None:
  """Show what a profile sets."""
  records = _records(profiles_file.load().show(name))
  printing.listing(("setting", "value"), records, as_json)


@profile.command()
@click.argument("name")
def use(name: str) -> None:
  """Make a profile the active one."""
  profiles_file.save(profiles_file.load().use(name))
  click.echo(f"profile {name} is active")


@profile.command()
@click.argument("name")
def create(name: str) -> None:
  """Make an empty profile."""
  profiles_file.save(profiles_file.load().create(name))
  click.echo(f"created profile {name}")


@profile.command()
@click.argument("name")
def remove(name: str) -> None:
  """Remove a profile."""
  profiles_file.save(profiles_file.load().remove(name))
  click.echo(f"removed profile {name}")


def _records(
  values: Mapping[str, Any], section: str = ""
) -> list[dict[str, Any]]:
  """The values of a profile, those of providers as ``provider.name``."""
  found = []
  for name, value in values.items():
    if isinstance(value, dict):
      found += _records(value, f"{name}.")
    else:
      found.append({"setting": f"{section}{name}", "value": value})
  return found
