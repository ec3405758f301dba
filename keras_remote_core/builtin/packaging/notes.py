"""What earlier runs read in files, good for as long as a file's stamp stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from keras_remote_core.builtin.packaging.survey import Stamp, stamp

T = TypeVar("T", str, bool)
Fact = str | bool


class Notes:
  """Facts by absolute path; what was used in this run is kept for the next."""

  def __init__(self, known: Mapping[str, tuple[Stamp, Fact]] | None = None):
    self._known = known or {}
    self._used: dict[str, tuple[Stamp, Fact]] = {}

  def recall(self, path: str, at: Stamp, read: Callable[[], T]) -> T:
    """What is known of a file at a stamp; reads where nothing is."""
    known = self._used.get(path) or self._known.get(path)
    fact: Fact = known[1] if known and known[0] == at else read()
    self._used[path] = (at, fact)
    return fact  # type: ignore[return-value]  # one path, one kind of fact

  def text(self, path: Path) -> str | None:
    """A text file's content, or None where there is no such file."""
    try:
      found = stamp(path.stat())
      return self.recall(str(path), found, lambda: read_text(path))
    except (FileNotFoundError, NotADirectoryError):
      return None

  def settled(self, at: int) -> dict[str, tuple[Stamp, Fact]]:
    """The facts of this run that no later write can make wrong unseen."""
    return {
      path: (found, fact)
      for path, (found, fact) in self._used.items()
      if found.settled(at)
    }


def read_text(path: Path) -> str:
  """A file as UTF-8; undecodable bytes become lone surrogates."""
  return path.read_text(encoding="utf-8", errors="surrogateescape")
