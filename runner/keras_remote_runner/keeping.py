"""Brings what a finished function left behind into the store."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_remote_runner import outcome
from keras_remote_runner.stores import Store, insist

OUTPUTS = "outputs"
_ARTIFACTS = {"returned": "result", "raised": "exception"}


class Keeper:
  """Stores files of a scratch folder; no failure hides the outcome."""

  def __init__(
    self, store: Store, scratch: Path, say: Callable[[str], None]
  ) -> None:
    self._store, self._scratch, self._say = store, scratch, say

  def outputs(self, home: str) -> None:
    """Stores what the function wrote below its output folder."""
    folder = self._scratch / OUTPUTS
    for parent, folders, names in os.walk(folder):
      for path in sorted(Path(parent, name) for name in (*folders, *names)):
        if path.is_file():
          self._output(path, f"{home}/{path.relative_to(folder).as_posix()}")
        elif path.is_symlink() or not path.is_dir():
          self._say(f"the output {path.name!r} is no file, and is not kept")

  def artifact(self, body: dict[str, Any], home: str) -> dict[str, Any]:
    """Stores what the outcome refers to; returns the outcome's body."""
    name = _ARTIFACTS.get(body["kind"])
    if name is None or body["artifact"] is None:
      return body
    key = f"{home}{name}"
    try:
      insist(lambda: self._store.put(self._scratch / name, key))
    except Exception as error:
      return _unstored(name, error)
    return {**body, "artifact": {**body["artifact"], "key": key}}

  def _output(self, path: Path, key: str) -> None:
    try:
      insist(lambda: self._store.put(path, key))
    except Exception as error:
      self._say(f"the output {path.name!r} could not be kept: {error}")


def _unstored(name: str, error: Exception) -> dict[str, Any]:
  full = isinstance(error, OSError) and error.errno == errno.ENOSPC
  return outcome.failed(
    "DiskFull" if full else "StoreFailed",
    f"the function ended, but its {name} could not be stored: {error}",
  )
