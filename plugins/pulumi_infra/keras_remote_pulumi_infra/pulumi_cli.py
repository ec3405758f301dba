"""Finds the Pulumi CLI, or gets it."""

from __future__ import annotations

import subprocess
import urllib.error
from pathlib import Path
from typing import TYPE_CHECKING

from keras_remote_core import places
from keras_remote_pulumi_infra.errors import NoPulumi

if TYPE_CHECKING:
  from keras_remote_pulumi_infra.command import Command

OLDEST = "3.150.0"
"""What a ``refresh`` that changes nothing takes, and events as they come."""
_INSTALL = "keras-remote up --install-pulumi"


def find() -> Command | None:
  """The Pulumi CLI: one that was installed for us, or the PATH's.

  Raises:
    NoPulumi: there is one, and it is too old or does not work.
  """
  for root in (folder(), None):
    if root is None or (root / "bin" / "pulumi").exists():
      found = _at(root)
      if found is not None:
        return found
  return None


def required() -> Command:
  """The Pulumi CLI.

  Raises:
    NoPulumi: there is none, or none that will do.
  """
  found = find()
  if found is None:
    raise NoPulumi(
      "the Pulumi CLI is not installed, and it makes everything",
      remedy=f"{_INSTALL}, or https://www.pulumi.com/docs/install/",
    )
  return found


def install() -> Command:
  """Downloads the CLI that goes with the library, into our own folder.

  Raises:
    NoPulumi: that did not work.
  """
  from keras_remote_pulumi_infra.command import Command

  try:
    Command.install(root=str(folder()))
    return Command(root=str(folder()))
  except (OSError, subprocess.CalledProcessError, RuntimeError) as error:
    raise NoPulumi(
      f"the Pulumi CLI could not be installed: {_told(error)}",
      remedy="check the network, or https://www.pulumi.com/docs/install/",
    ) from error


def folder() -> Path:
  """Where ``install`` puts it."""
  return places.data_dir() / "pulumi"


def _at(root: Path | None) -> Command | None:
  from pulumi.automation import InvalidVersionError
  from semver import VersionInfo

  from keras_remote_pulumi_infra.command import Command

  try:
    named = str(root) if root else None
    return Command(root=named, version=VersionInfo.parse(OLDEST))
  except FileNotFoundError:
    return None
  except InvalidVersionError as error:
    raise NoPulumi(
      f"the Pulumi CLI here will not do: {error}", remedy=_INSTALL
    ) from error
  except (OSError, subprocess.CalledProcessError) as error:
    raise NoPulumi(
      f"the Pulumi CLI here does not run: {_told(error)}", remedy=_INSTALL
    ) from error


def _told(error: Exception) -> str:
  if isinstance(error, subprocess.CalledProcessError) and error.output:
    return str(error.output.decode(errors="replace")).strip().splitlines()[-1]
  if isinstance(error, urllib.error.URLError):
    return str(error.reason)
  return str(error)
