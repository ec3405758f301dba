"""Functions by ``script.py:function`` and ``package.module:function``."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from keras_remote_core import api, importing
from keras_remote_core.cli import tracebacks
from keras_remote_core.errors import KerasRemoteError, UsageError
from keras_remote_core.remote_function import RemoteFunction
from keras_remote_core.suggestions import instead, nearest


def remote_function(
  target: str, parameters: Mapping[str, Any]
) -> RemoteFunction[Any, Any]:
  """A function that runs as a job, with some parameters of ``@run`` changed.

  One that is not decorated is taken as if it were, with ``@run`` alone.

  Raises:
    UsageError: there is no such file, module or function, or the module
      raises when it is imported.
    UnsupportedFunction: it is something that cannot be decorated.
  """
  found = load(target)
  decorated = found if isinstance(found, RemoteFunction) else api.run(found)
  changed: RemoteFunction[Any, Any] = decorated.with_parameters(**parameters)
  return changed


def load(target: str) -> Any:
  """The object a target names; its module is imported under its own name."""
  place, _, name = target.rpartition(":")
  if not place or not name.isidentifier():
    raise UsageError(
      f"{target!r} does not name a function",
      remedy="write script.py:function or package.module:function",
    )
  if place.endswith(".py") or "/" in place:
    module = _script(Path(place))
  else:
    module = _module(place)
  found = getattr(module, name, None)
  if found is None:
    raise UsageError(
      f"{place} has no function {name!r}",
      remedy=instead(name, _functions(module))
      or "decorate one with @keras_remote.run",
    )
  return found


def _script(path: Path) -> ModuleType:
  """As ``python script.py`` finds it, but not as ``__main__``."""
  if not path.is_file():
    raise _no_file(path)
  file = path.resolve()
  sys.path.insert(0, str(file.parent))
  module = None if "." in file.stem else _imported(file.stem, str(path))
  if module is None or _file(module) != file:
    raise UsageError(
      f"{path} cannot be imported as {file.stem!r}: "
      + ("a dot separates packages" if module is None else _taken(module)),
      remedy=f"rename it: mv {path} {path.with_name('job.py')}",
    )
  return module


def _module(name: str) -> ModuleType:
  """As ``python -m`` finds it."""
  sys.path.insert(0, str(Path.cwd()))
  return _imported(name, name)


def _imported(name: str, shown: str) -> ModuleType:
  try:
    # What a module prints by the way is not the command's answer.
    with (
      contextlib.redirect_stdout(sys.stderr),
      importing.only_looking(shown),
    ):
      return importlib.import_module(name)
  except KerasRemoteError:
    raise
  except (Exception, SystemExit) as error:
    if isinstance(error, ModuleNotFoundError) and _is_missing(name, error.name):
      raise UsageError(
        f"there is no module {name!r}",
        remedy="go to the folder that has it, or write script.py:function",
      ) from None
    text = tracebacks.of_user(error)
    raise UsageError(f"{shown} raises when imported\n{text}") from None


def _is_missing(name: str, missing: str | None) -> bool:
  """Whether it is the module itself, or a package of it, that is not there."""
  return missing is not None and f"{name}.".startswith(f"{missing}.")


def _no_file(path: Path) -> UsageError:
  others = [each.name for each in path.parent.glob("*.py")]
  close = nearest(path.name, others)
  return UsageError(
    f"there is no file {path}",
    remedy=f"write {str(path.with_name(close))!r}" if close else None,
  )


def _functions(module: ModuleType) -> list[str]:
  return [
    name
    for name, value in vars(module).items()
    if callable(value)
    and not isinstance(value, type)
    and getattr(value, "__module__", None) == module.__name__
  ]


def _file(module: ModuleType) -> Path | None:
  name: str | None = getattr(module, "__file__", None)
  return Path(name).resolve() if name else None


def _taken(module: ModuleType) -> str:
  return f"that is {_file(module) or 'a part of Python'}"
