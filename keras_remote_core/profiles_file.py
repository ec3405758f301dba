"""The file that keeps the user's profiles."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from attrs import asdict

from keras_remote_core import places
from keras_remote_core.errors import InvalidSetting, KerasRemoteError
from keras_remote_core.profiles import Profiles

VARIABLE = "KERAS_REMOTE_PROFILE"
"""Names the profile of one process, in place of the active one."""


def path() -> Path:
  """Where the profiles are, or would be."""
  return places.config_dir() / "profiles.json"


def load() -> Profiles:
  """The user's profiles; none where there is no file.

  Raises:
    InvalidSetting: the file cannot be read or is something else.
  """
  file = path()
  try:
    return _profiles(json.loads(file.read_text(encoding="utf-8")))
  except FileNotFoundError:
    return Profiles()
  except (OSError, ValueError) as error:
    raise InvalidSetting(
      f"cannot read the profiles in {file}: {error}",
      remedy=f"correct that file, or remove it: rm '{file}'",
    ) from error


def save(profiles: Profiles) -> None:
  """Replaces the file in one step; only its owner can read it.

  Raises:
    KerasRemoteError: it cannot be written.
  """
  # A file that is a link into somebody's dotfiles stays one.
  file = path().resolve()
  try:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _replacing(file) as out:
      json.dump(asdict(profiles), out, indent=2)
  except OSError as error:
    raise KerasRemoteError(
      f"cannot write the profiles to {file}: {error}",
      remedy="name a folder you can write in KERAS_REMOTE_HOME",
    ) from error


@contextlib.contextmanager
def _replacing(file: Path) -> Iterator[IO[str]]:
  # mkstemp makes files of mode 0600.
  descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".profiles-")
  try:
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
      yield out
    Path(name).replace(file)
  except BaseException:
    Path(name).unlink()
    raise


def _profiles(content: Any) -> Profiles:
  """The profiles in the file's JSON, or ValueError with what is wrong."""
  if not isinstance(content, dict):
    raise ValueError("it is not an object")
  active, profiles = content.get("active"), content.get("profiles")
  if not isinstance(profiles, dict):
    raise ValueError('"profiles" is not an object')
  for name, values in profiles.items():
    if not isinstance(values, dict):
      raise ValueError(f"profile {name!r} is not an object")
  if active not in (None, *profiles):
    raise ValueError(f"the active profile {active!r} is not in it")
  return Profiles(active=active, profiles=profiles)
