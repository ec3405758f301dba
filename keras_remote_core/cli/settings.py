"""Settings as records to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keras_remote_core import listing, sources
from keras_remote_core.hookspecs import STEP_HOOKS
from keras_remote_core.listing import Row
from keras_remote_core.providers import Provider
from keras_remote_core.registry import Registry
from keras_remote_core.settings import CoreSettings

COLUMNS = ("setting", "value", "origin", "variable", "help")
Sections = Mapping[str | None, type[Any]]


def every_section(registry: Registry) -> Sections:
  """The settings class of the core, under None, and of each provider.

  Commands may have settings too.
  """
  steps = (each for step in STEP_HOOKS for each in registry.providers(step))
  commands = registry.contributions("command")
  return {None: CoreSettings, **sections(commands), **sections(steps)}


def sections(providers: Iterable[Provider[Any]]) -> Sections:
  """The settings class of each provider that has one."""
  return {
    each.name: each.settings for each in providers if each.settings is not None
  }


def records(chosen: Sections) -> list[dict[str, Any]]:
  """Each setting's value and where it came from; secrets are masked."""
  return [_record(row) for row in listing.rows(chosen, sources.gather())]


def _record(row: Row) -> dict[str, Any]:
  return {
    "setting": f"{row.section}.{row.name}" if row.section else row.name,
    "value": row.value,
    "origin": row.origin,
    "variable": row.variable,
    "help": row.help,
    "secret": row.secret,
  }
