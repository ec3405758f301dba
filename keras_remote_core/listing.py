"""Settings as people look through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from keras_remote_core.resolving import DEFAULT, Resolved, Sources, resolve
from keras_remote_core.settings import fields, traits, variable
from keras_remote_core.variables import HIDDEN, masked


@frozen(kw_only=True)
class Row:
  """One setting; the values of secrets are masked.

  Args:
    section: a provider's name, or None for the core.
    variable: the environment variable that sets it.
  """

  section: str | None
  name: str
  value: Any
  origin: str
  variable: str
  help: str
  secret: bool


def rows(
  sections: Mapping[str | None, type[Any]], sources: Sources
) -> list[Row]:
  """All settings of several sections, given the settings class of each."""
  return [
    row
    for section, cls in sections.items()
    for row in _rows(cls, sources, section)
  ]


def _rows(
  cls: type[Any], sources: Sources, section: str | None
) -> Iterator[Row]:
  resolved = resolve(cls, sources, section)
  for name, attribute in fields(cls).items():
    told = traits(attribute)
    yield Row(
      section=section,
      name=name,
      value=_shown(resolved, name, told.secret),
      origin=resolved.origins[name],
      variable=variable(attribute, section),
      help=told.help,
      secret=told.secret,
    )


def _shown(resolved: Resolved[Any], name: str, secret: bool) -> Any:
  value = getattr(resolved.value, name)
  if secret and resolved.origins[name] != DEFAULT:
    return HIDDEN
  return masked(value) if isinstance(value, Mapping) else value
