"""Which source answers for each setting; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

import attrs
from attrs import field, frozen

from keras_remote_core.conversion import convert
from keras_remote_core.errors import InvalidSetting
from keras_remote_core.settings import fields, traits, variable
from keras_remote_core.suggestions import instead

T = TypeVar("T")
DEFAULT = "default"


@frozen(kw_only=True)
class Table:
  """What a file says; values of a provider stand in a table of its name."""

  origin: str
  values: Mapping[str, Any] = field(repr=False)


@frozen(kw_only=True)
class Sources:
  """All that can set a setting.

  Args:
    arguments: what was passed to ``@run``, or on a command line.
    environ: the process environment; empty variables count as unset.
    tables: the files, the stronger first.
  """

  arguments: Mapping[str, Any] = field(factory=dict, repr=False)
  environ: Mapping[str, str] = field(factory=dict, repr=False)
  tables: tuple[Table, ...] = ()


@frozen(kw_only=True)
class Resolved(Generic[T]):
  """An instance of a settings class, and where each value comes from.

  Args:
    origins: per field ``argument``, a variable's name, ``profile NAME``, a
      file's path or ``default``.
  """

  value: T
  origins: Mapping[str, str]


def resolve(
  cls: type[T], sources: Sources, section: str | None = None
) -> Resolved[T]:
  """An instance of a settings class from the first source of each field.

  Args:
    section: a provider's name, or None for the core's own settings.

  Raises:
    InvalidSetting: a value has the wrong form, or a file has an unknown key
      or a secret; the message names the source.
  """
  known = fields(cls)
  tables = [_section(table, section, known) for table in sources.tables]
  values, origins = {}, dict.fromkeys(known, DEFAULT)
  for name, attribute in known.items():
    for origin, value in _answers(attribute, sources, tables, section):
      label = f"{section}.{name}" if section else name
      values[name] = convert(attribute, value, label, origin)
      origins[name] = origin
      break
  return Resolved(value=cls(**values), origins=origins)


def _answers(
  attribute: attrs.Attribute[Any],
  sources: Sources,
  tables: list[Table],
  section: str | None,
) -> Iterator[tuple[str, Any]]:
  """Each source's name and answer, the strongest first."""
  name, from_environ = attribute.name, variable(attribute, section)
  if traits(attribute).run and name in sources.arguments:
    yield "argument", sources.arguments[name]
  if sources.environ.get(from_environ):
    yield from_environ, sources.environ[from_environ]
  for table in tables:
    if name in table.values:
      yield table.origin, table.values[name]


def _section(
  table: Table,
  section: str | None,
  known: Mapping[str, attrs.Attribute[Any]],
) -> Table:
  """The part of a file that speaks of one section, its keys checked."""
  values = table.values if section is None else table.values.get(section, {})
  if not isinstance(values, Mapping):
    raise InvalidSetting(f"{table.origin}: {section} must be a table")
  for key, value in values.items():
    if key in known:
      _refuse_secret(known[key], table.origin, section)
    # Tables in the core's are the sections of plugins, installed or not.
    elif section is not None or not isinstance(value, Mapping):
      raise _unknown(key, known, table.origin, section)
  return Table(origin=table.origin, values=values)


def _refuse_secret(
  attribute: attrs.Attribute[Any], origin: str, section: str | None
) -> None:
  if traits(attribute).secret:
    raise InvalidSetting(
      f"{origin}: {attribute.name} is secret and may not stand in a file",
      remedy=f"set {variable(attribute, section)} in the environment",
    )


def _unknown(
  key: str,
  known: Mapping[str, attrs.Attribute[Any]],
  origin: str,
  section: str | None,
) -> InvalidSetting:
  where = f" of {section}" if section else ""
  return InvalidSetting(
    f"{origin}: there is no setting {key!r}{where}",
    remedy=instead(key, known),
  )
