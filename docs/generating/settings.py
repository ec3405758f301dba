"""The page of all settings, made of the classes that declare them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args

import attrs

from generating import markdown
from keras_remote_core import durations
from keras_remote_core.cli.settings import every_section
from keras_remote_core.hookspecs import STEP_HOOKS
from keras_remote_core.registry import Registry
from keras_remote_core.settings import fields, traits, variable

_INTRODUCTION = """\
Of several sources the first one that has a setting counts: the argument of
`@keras_remote.run`, the environment variable, the active profile
(`keras-remote config set`), `pyproject.toml`, the default. `keras-remote config
show` prints every value with its source.

In `pyproject.toml`, settings of the core stand below `[tool.keras-remote]`, and
those of a section below `[tool.keras-remote.SECTION]`; in a profile, a section's
are called `SECTION.NAME`. Durations are seconds, or text such as `1h30m`.

Five more variables are about the client itself: `KERAS_REMOTE_HOME` moves all its
folders below one, `KERAS_REMOTE_PROFILE` names the profile of one process,
`KERAS_REMOTE_DISABLED_PLUGINS` leaves plugins out, with `KERAS_REMOTE_DEBUG` set
errors keep their whole traceback, and `KERAS_REMOTE_GITHUB` is the address of
another GitHub, such as a mirror, that `keras-remote up` gets controllers from."""
_HEAD = ("variable", "meaning")


def page(known: Registry) -> str:
  """Every setting of the core and of each provider."""
  sections = every_section(known).items()
  parts = (_section(name, cls, known) for name, cls in sections)
  return markdown.page("Settings", _INTRODUCTION, *parts)


def _section(name: str | None, cls: type[Any], known: Registry) -> str:
  about = (inspect.getdoc(cls) or "").partition("\n\n")[0]
  title = name or "The core"
  parts = (about, *_of_whom(name, known), *_tables(name, cls))
  return "\n\n".join((f"## {title}", *filter(None, parts)))


def _tables(name: str | None, cls: type[Any]) -> Iterator[str]:
  """A table of the parameters of ``@run``, and one of the other settings."""
  for run, title in ((True, "parameter of `@run`"), (False, "setting")):
    found = [each for each in fields(cls).values() if traits(each).run is run]
    rows = (_row(each, name) for each in found)
    yield markdown.table((title, *_HEAD), rows)


def _of_whom(name: str | None, known: Registry) -> Iterator[str]:
  """Which provider of which distribution a section belongs to."""
  for step in STEP_HOOKS:
    for each in known.providers(step):
      if each.name == name and each.settings:
        plugin = known.owner(step, each.name).distribution
        what = step.replace("_", " ")
        yield f"Of the {what} `{name}` in `{plugin}`."


def _row(attribute: attrs.Attribute[Any], section: str | None) -> list[str]:
  told = traits(attribute)
  return [
    markdown.code(attribute.name),
    markdown.code(variable(attribute, section)),
    f"{markdown.plain(told.help)}<br>{_values(attribute)}",
  ]


def _type(annotation: Any) -> str:
  """A type as its declaration has it, without the modules of its parts."""
  if isinstance(annotation, type) and not get_args(annotation):
    return annotation.__name__
  return str(annotation).replace("collections.abc.", "")


def _values(attribute: attrs.Attribute[Any]) -> str:
  """The type, and the default where there is one that says anything."""
  kind, value = markdown.code(_type(attribute.type)), attribute.default
  if value is None or value == () or isinstance(value, attrs.Factory):  # type: ignore[arg-type]
    return kind
  if isinstance(value, float):
    value = durations.text(value)
  return f"{kind}, by default {markdown.code(str(value))}"
