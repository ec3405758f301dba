"""``keras-remote config show``, ``set`` and ``unset``."""

from __future__ import annotations

import os

import click

from keras_remote_core import profiles_file, registry
from keras_remote_core.cli import printing, settings
from keras_remote_core.profiles import Profiles

_DEFAULT = "default"


@click.command()
@printing.json_option
def show(as_json: bool) -> None:
  """Show every setting, its value, and where the value comes from."""
  sections = settings.every_section(registry.installed())
  printing.listing(settings.COLUMNS, settings.records(sections), as_json)


@click.command("set")
@click.argument("key")
@click.argument("value")
def set_(key: str, value: str) -> None:
  """Set a value in the active profile.

  KEY is a setting of the core, such as project, or of a provider, such as
  local.isolated. Without an active profile, one called "default" is made.
  """
  sections = settings.every_section(registry.installed())
  before = profiles_file.load()
  name = _active(before)
  profiles = before if name else _with_default(before)
  profiles = profiles.set(name or _DEFAULT, key, value, sections)
  profiles_file.save(profiles)
  if name is None:
    click.echo(f"no profile was active; {_DEFAULT!r} is now", err=True)
  click.echo(f"set {key} in profile {name or _DEFAULT}")


@click.command()
@click.argument("key")
def unset(key: str) -> None:
  """Remove a value from the active profile."""
  profiles = profiles_file.load()
  name = _active(profiles) or _DEFAULT
  profiles_file.save(profiles.unset(name, key))
  click.echo(f"removed {key} from profile {name}")


def _active(profiles: Profiles) -> str | None:
  return os.environ.get(profiles_file.VARIABLE) or profiles.active


def _with_default(profiles: Profiles) -> Profiles:
  there = _DEFAULT in profiles.profiles
  made = profiles if there else profiles.create(_DEFAULT)
  return made.use(_DEFAULT)
