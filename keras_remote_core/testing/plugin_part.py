"""What the parts of the plugin suite have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keras_remote_core import hookspecs
from keras_remote_core.plugins import Plugin
from keras_remote_core.providers import Provider


class Part:
  """A part of the suite; the suite itself says of which plugin."""

  name: str
  light: frozenset[str] = frozenset()
  patience = 60.0


def providers(plugin: Plugin) -> Iterator[tuple[str, Provider[Any]]]:
  """Each provider of a plugin, and the step or merged hook it is for."""
  for step, found in plugin.contributions.items():
    yield from ((step, each) for each in found if isinstance(each, Provider))


def defaults(cls: type[Any]) -> Any:
  """Settings as nobody set them; None where some must be given."""
  try:
    return cls()
  except TypeError:
    return None


def of_steps(plugin: Plugin) -> Iterator[tuple[str, Provider[Any]]]:
  """Those that a plan can name."""
  for step, provider in providers(plugin):
    if step in hookspecs.STEP_HOOKS:
      yield step, provider
