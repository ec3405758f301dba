"""Where the source tree of a function begins."""

from __future__ import annotations

import functools
import inspect
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_remote_core.places import is_shared

MARKERS = (
  "pyproject.toml",
  "requirements.txt",
  "setup.py",
  "setup.cfg",
  ".git",
)


def source_root(function: Callable[..., Any]) -> Path | None:
  """The folder that ships with a function, or None where nothing should.

  The search starts at the folder of the function's file; at the working
  directory for notebooks, the interactive prompt and installed libraries. The
  nearest folder upwards with a marker is the root. Without one it is the
  folder where the search started, so that a plain script still imports its
  neighbours. The home directory, everything above it and the temporary folder
  are never a root: a notebook in the home directory ships nothing.
  """
  file = source_file(function)
  start = file.parent if file else Path.cwd()
  return find_root(start.resolve(), Path.home().resolve())


def find_root(start: Path, home: Path) -> Path | None:
  """The root for a search that starts in a resolved folder."""
  usable = [
    folder for folder in (start, *start.parents) if not is_shared(folder, home)
  ]
  marked = (folder for folder in usable if has_marker(folder))
  return next(marked, start if start in usable else None)


def has_marker(folder: Path) -> bool:
  return any((folder / marker).exists() for marker in MARKERS)


def source_file(function: Callable[..., Any]) -> Path | None:
  """The user's file that defines a function, resolved; None where none does."""
  for name in _file_names(_plain(function)):
    path = Path(name)
    if path.is_absolute() and path.is_file() and not is_installed(path):
      return path.resolve()
  return None


def is_installed(path: Path) -> bool:
  """Whether a path belongs to the interpreter or an installed library."""
  if {"site-packages", "dist-packages"}.intersection(path.parts):
    return True
  return any(path.is_relative_to(folder) for folder in _interpreter())


def _interpreter() -> set[str]:
  folders = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
  # Outside of a virtual environment the prefix is /usr, where projects of
  # containers live.
  return folders | ({sys.prefix} if sys.prefix != sys.base_prefix else set())


def _plain(function: Any) -> Any:
  """The function under partials, bound methods and decorators."""
  function = inspect.unwrap(function)
  if isinstance(function, functools.partial):
    return _plain(function.func)
  if inspect.ismethod(function):
    return _plain(function.__func__)
  return function


def _file_names(function: Any) -> list[str]:
  module = sys.modules.get(getattr(function, "__module__", None) or "")
  names = (
    getattr(module, "__file__", None),
    getattr(getattr(function, "__code__", None), "co_filename", None),
  )
  return [name for name in names if name]
