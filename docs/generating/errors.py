"""The page of all errors: what each one means, says, and what helps."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from generating import markdown, raising
from generating.raising import Told
from keras_remote_core import errors
from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.registry import Registry

_INTRODUCTION = """\
Every error that keras-remote raises on purpose is a `KerasRemoteError`, in
`keras_remote.errors`. Its `message` says what happened and with which names, its
`remedy` is the command or the edit that helps, and the command line exits with
its `exit_code`. What your own function raises in a job is raised here as what it
is, and is none of these.

Below each error stand the messages it comes with and what helps, as they are in
the code; `…` stands for names and numbers."""


def page(known: Registry) -> str:
  """The errors of the core, and of every plugin that has a module for them."""
  modules = [errors, *_of_plugins(known)]
  told = raising.told(map(_package, modules))
  parts = (_module(each, told) for each in modules)
  return markdown.page("Errors", _INTRODUCTION, *parts)


def _of_plugins(known: Registry) -> Iterator[ModuleType]:
  for plugin in known.plugins:
    package = getattr(plugin.module, "__name__", "").partition(".")[0]
    name = f"{package}.errors"
    own = package and package != errors.__name__.partition(".")[0]
    if own and importlib.util.find_spec(name):
      yield importlib.import_module(name)


def _package(module: ModuleType) -> Path:
  assert module.__file__ is not None
  return Path(module.__file__).parent


def _module(module: ModuleType, told: dict[str, list[Told]]) -> str:
  package = module.__name__.partition(".")[0]
  parts = (_error(each, told) for each in _own(module))
  return "\n\n".join((f"## {package}", *parts))


def _own(module: ModuleType) -> list[type[KerasRemoteError]]:
  """The errors that a module declares, in its order."""
  return [
    each
    for each in vars(module).values()
    if isinstance(each, type)
    and issubclass(each, KerasRemoteError)
    and each.__module__ == module.__name__
  ]


def _error(error: type[KerasRemoteError], told: dict[str, list[Told]]) -> str:
  name = f"{error.__module__}.{error.__name__}"
  rows = (
    (markdown.plain(each.message), markdown.plain(each.remedy))
    for each in told.get(error.__name__, ())
  )
  parts = (
    f"::: {name}\n    options:\n      heading_level: 3\n      members: false",
    f"Exits with {error.exit_code}.",
    markdown.table(("it says", "what helps"), rows),
  )
  return "\n\n".join(filter(None, parts))
