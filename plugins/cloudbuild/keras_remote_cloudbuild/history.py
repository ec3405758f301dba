"""The inputs of the last image that each project on this machine used."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from keras_remote_cloudbuild import changes
from keras_remote_cloudbuild.digest import Recipe


@frozen(kw_only=True)
class History:
  """What was used last, by project, accelerator and version of Python.

  Args:
    folder: where it is kept; it need not exist.
    project: the folder of the project.
  """

  folder: Path
  project: Path

  def changes(self, recipe: Recipe) -> list[str]:
    """What is new in a recipe; nothing where no earlier one is known."""
    before = self._last(recipe)
    try:
      return changes.changes(before, recipe.inputs) if before else []
    except (AttributeError, TypeError, ValueError):  # of another version
      return []

  def remember(self, recipe: Recipe) -> None:
    """Makes a recipe the last one."""
    if self._last(recipe) == recipe.inputs:
      return
    file = self._file(recipe)
    with contextlib.suppress(OSError):  # only what plan says would lack
      file.parent.mkdir(parents=True, exist_ok=True)
      temporary = file.with_name(f"{file.name}.{os.getpid()}")
      temporary.write_text(json.dumps(dict(recipe.inputs)), encoding="utf-8")
      os.replace(temporary, file)

  def _last(self, recipe: Recipe) -> Mapping[str, str] | None:
    try:
      found = json.loads(self._file(recipe).read_text(encoding="utf-8"))
    except (OSError, ValueError):
      return None
    return found if isinstance(found, dict) else None

  def _file(self, recipe: Recipe) -> Path:
    digest = hashlib.sha256(os.fsencode(self.project)).hexdigest()[:16]
    return self.folder / f"{digest}-{recipe.kind}-{recipe.python}.json"
