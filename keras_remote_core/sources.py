"""Reads what can set a setting: this process's environment and its files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keras_remote_core import places, profiles_file
from keras_remote_core.errors import InvalidSetting, UsageError
from keras_remote_core.resolving import Sources, Table

TABLE = "keras-remote"


def gather(arguments: Mapping[str, Any] | None = None) -> Sources:
  """The arguments with this process's environment, profile and pyproject.

  Raises:
    InvalidSetting: a file cannot be read, or the profile does not exist.
  """
  environ = dict(os.environ)
  found = (_profile(environ), _pyproject(_working_directory()))
  return Sources(
    arguments=dict(arguments or {}),
    environ=environ,
    tables=tuple(table for table in found if table),
  )


def _working_directory() -> Path:
  try:
    return Path.cwd()
  except FileNotFoundError:
    raise UsageError(
      "the working directory no longer exists", remedy="cd to one that does"
    ) from None


def _profile(environ: Mapping[str, str]) -> Table | None:
  kept = profiles_file.load()
  name = environ.get(profiles_file.VARIABLE) or kept.active
  if name is None:
    return None
  try:
    return Table(origin=f"profile {name}", values=kept.show(name))
  except InvalidSetting as error:
    # Only the variable can be wrong: the file was checked.
    raise InvalidSetting(
      f"{profiles_file.VARIABLE}: {error.message}", remedy=error.remedy
    ) from None


def _pyproject(folder: Path) -> Table | None:
  """The nearest pyproject.toml, upwards in the project, that has the table.

  The search ends with the repository. It never enters the home directory, the
  temporary folder or what is above them: others may write there.
  """
  for parent in (folder, *folder.parents):
    if places.is_shared(parent.resolve()):
      return None
    path = parent / "pyproject.toml"
    values = _table(path)
    if values is not None:
      return Table(origin=str(path), values=values)
    if (parent / ".git").exists():
      return None
  return None


def _table(path: Path) -> Mapping[str, Any] | None:
  try:
    content = path.read_text(encoding="utf-8")
    # Most files lack the table and are not worth parsing.
    values = _parsed(content) if TABLE in content else None
  except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
    return None
  except (OSError, ValueError) as error:
    raise InvalidSetting(f"cannot read {path}: {error}") from error
  if values is None or isinstance(values, Mapping):
    return values
  raise InvalidSetting(f"{path}: tool.{TABLE} must be a table")


def _parsed(content: str) -> Any:
  import tomllib

  tool = tomllib.loads(content).get("tool")
  return tool.get(TABLE) if isinstance(tool, Mapping) else None
