"""The user's folders; nothing is created here.

``KERAS_REMOTE_HOME`` moves all of them below one folder.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal


def config_dir() -> Path:
  """Where what the user decided is kept: the profiles."""
  return _place("config")


def data_dir() -> Path:
  """Where what the user made is kept: the local backend's store."""
  return _place("data")


def state_dir() -> Path:
  """Where this machine's memory is kept: the job index and jobs' keys."""
  return _place("state")


def cache_dir() -> Path:
  """Where what can be made again is kept."""
  return _place("cache")


def is_shared(folder: Path, home: Path | None = None) -> bool:
  """Whether a resolved folder holds more than one project could own.

  These are the home directory, the temporary folder and what is above them.
  """
  temporary = Path(tempfile.gettempdir()).resolve()
  home = home or Path.home().resolve()
  return home.is_relative_to(folder) or temporary.is_relative_to(folder)


def _place(kind: Literal["config", "data", "state", "cache"]) -> Path:
  if home := os.environ.get("KERAS_REMOTE_HOME"):
    # Absolute, for processes that live on in another working directory.
    return Path(home).expanduser().absolute() / kind
  from platformdirs import PlatformDirs

  folders = PlatformDirs("keras-remote", appauthor=False)
  found: Path = getattr(folders, f"user_{kind}_path")
  return found
