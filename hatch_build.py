"""Tells the build where the other distributions of this repository are.

``pyproject.toml`` names them without a version. In a checkout they become
paths, so that plain pip installs what stands beside this file; in a release,
asked for with ``KERAS_REMOTE_RELEASE=1``, they become versions.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

RUNNER = "keras-remote-runner"


class SiblingHook(MetadataHookInterface):
  """Fills in the dependencies and the extras."""

  PLUGIN_NAME = "custom"

  def update(self, metadata: dict[str, Any]) -> None:
    """Replaces each sibling's name by its requirement."""
    extras = self.config["optional-dependencies"]
    metadata["dependencies"] = self._requirements(self.config["dependencies"])
    metadata["optional-dependencies"] = {
      extra: self._requirements(names) for extra, names in extras.items()
    }

  def _requirements(self, names: list[str]) -> list[str]:
    siblings = self.config["siblings"]
    found = (
      self._sibling(name, siblings[name]) if name in siblings else name
      for name in names
    )
    return [requirement for requirement in found if requirement]

  def _sibling(self, name: str, folder: str) -> str | None:
    root = Path(self.root)
    if is_release(root):
      return f"{name}{pin(name, version(root))}"
    # No index has what does not even stand here yet: an extra that named it
    # could not be installed from a checkout, and neither could ``all``.
    if not (root / folder / "pyproject.toml").exists():
      return None
    return f"{name} @ {(root / folder).absolute().as_uri()}"


def is_release(root: Path) -> bool:
  """Whether siblings are named by version; an unpacked sdist has none."""
  asked = os.environ.get("KERAS_REMOTE_RELEASE") == "1"
  return asked or (root / "PKG-INFO").exists()


def pin(name: str, release: str) -> str:
  """``==0.1.0`` for the runner, ``>=0.1,<0.2`` for plugins."""
  major, minor, *_ = release.split(".")
  if name == RUNNER:
    return f"=={release}"
  return f">={major}.{minor},<{major}.{int(minor) + 1}"


def version(root: Path) -> str:
  """The one version, from where hatch reads it too."""
  source = (root / "keras_remote_core" / "__init__.py").read_text("utf-8")
  found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
  if found is None:
    raise ValueError("keras_remote_core/__init__.py has no __version__")
  return found[1]
