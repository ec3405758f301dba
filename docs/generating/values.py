"""The pages of the values that plugins are given, and of what they return."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from generating import markdown
from keras_remote_core import accelerators, model, providers

_TRAVELLING = """\
What travels from step to step, in `keras_remote_core.model`. Each is frozen and
made by exactly one step; secret values never show in a `repr`."""
_GIVEN = """\
What a plugin imports from `keras_remote_core`, and two modules that it may stand
on: `mixins` and `shell`."""
_OTHERS = """\
::: keras_remote_core.settings.setting

::: keras_remote_core.mixins
    options:
      show_bases: false

::: keras_remote_core.shell"""
_PROVIDERS = (
  providers.Provider,
  providers.StoreProvider,
  providers.BackendProvider,
  providers.Fit,
  providers.FitRequest,
  providers.Shape,
  accelerators.Family,
)


def pages() -> Mapping[str, str]:
  """The page of all values of the model, and the page of all providers."""
  found = [getattr(model, each) for each in model.__all__]
  values = (each for each in found if isinstance(each, type))
  return {
    "reference/values.md": markdown.page(
      "Values", _TRAVELLING, *map(_part, values)
    ),
    "reference/providers.md": markdown.page(
      "Providers and settings", _GIVEN, *map(_part, _PROVIDERS), _OTHERS
    ),
  }


def _part(cls: type[Any]) -> str:
  members = ", ".join(_told(cls))
  lines = _members(cls) if issubclass(cls, enum.Enum) else _fields(cls)
  shown = "\n".join(lines)
  return (
    f"::: {cls.__module__}.{cls.__name__}\n"
    f"    options:\n      members: [{members}]\n\n"
    f"```python\n{shown}\n```"
  )


def _told(cls: type[Any]) -> Iterator[str]:
  """The methods and properties that say something of themselves."""
  for name, each in vars(cls).items():
    known = inspect.isfunction(each) or isinstance(each, classmethod | property)
    if known and not name.startswith("_") and each.__doc__:
      yield name


def _members(cls: type[enum.Enum]) -> Iterator[str]:
  for each in cls:
    yield f"{each.name} = {each.value!r}"


def _fields(cls: type[Any]) -> Iterator[str]:
  for each in attrs.fields(cls):
    yield f"{each.name}: {each.type}{_default(each.default)}"


def _default(value: object) -> str:
  """What stands behind a field that need not be given."""
  if value is attrs.NOTHING:
    return ""
  plain = value is None or isinstance(value, str | int | float | tuple)
  return f" = {value!r}" if plain else " = ..."
