"""The last archive of each source tree, kept while nothing in it changes.

Below ``<cache>/source/<digest of the root's path>/`` lie ``index.json`` (what
was learned of the files, and which tree gave which archive) and that one
archive. Everything here only saves time: what is missing, damaged or
overtaken by another process counts as not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import field, frozen

from keras_remote_core.builtin.packaging.notes import Fact, Notes
from keras_remote_core.builtin.packaging.survey import Stamp, Survey
from keras_remote_core.model import Blob

_SCHEMA = 1
_UNUSED = 30 * 24 * 3600.0
_ABANDONED = 3600.0


@frozen
class Index:
  """What is known of a tree: facts by path, and its last archive."""

  facts: dict[str, tuple[Stamp, Fact]] = field(factory=dict)
  fingerprint: str = ""
  sha256: str = ""


@frozen
class StatCache:
  """One tree's part of the cache."""

  folder: Path

  @classmethod
  def of(cls, cache: Path, root: Path) -> StatCache:
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return cls(cache / "source" / name)

  def load(self) -> Index:
    """What an earlier run stored; empty where nothing usable is there."""
    try:
      return _parse(json.loads(self._index.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
      return Index()

  def fetch(self, index: Index, target: Path) -> Blob | None:
    """A copy of the archive that an index tells of, or None.

    It is linked where that is possible, so that it outlives its removal.
    """
    archive = self._archive(index.sha256)
    try:
      _link_or_copy(archive, target)
      with open(target, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
      os.utime(self.folder)
    except OSError:
      return None
    if found != index.sha256:
      return None
    return Blob(path=target, sha256=found, size=target.stat().st_size)

  def store(self, survey: Survey, notes: Notes, blob: Blob) -> None:
    """Keeps what may be relied on in the next run, and nothing else."""
    facts = notes.settled(survey.started)
    index = Index(facts)
    if survey.settled:
      index = Index(facts, survey.fingerprint(), blob.sha256)
    with contextlib.suppress(OSError):
      self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
      if index.sha256:
        with _replacing(self._archive(index.sha256)) as temporary:
          _link_or_copy(blob.path, temporary)
      with _replacing(self._index) as temporary:
        temporary.write_text(json.dumps(_document(index)))
      self._prune(index.sha256)

  @property
  def _index(self) -> Path:
    return self.folder / "index.json"

  def _archive(self, sha256: str) -> Path:
    return self.folder / f"{sha256}.tar.gz"

  def _prune(self, sha256: str) -> None:
    now = time.time()
    keep = {self._index, self._archive(sha256)}
    for path in set(self.folder.iterdir()) - keep:
      # A younger one may be what another process is writing right now.
      if path.suffix != ".tmp" or now - path.stat().st_mtime > _ABANDONED:
        path.unlink(missing_ok=True)
    for folder in self.folder.parent.iterdir():
      if now - folder.stat().st_mtime > _UNUSED:
        shutil.rmtree(folder, ignore_errors=True)


def _document(index: Index) -> dict[str, Any]:
  return {
    "schema": _SCHEMA,
    "facts": index.facts,
    "fingerprint": index.fingerprint,
    "sha256": index.sha256,
  }


def _parse(document: Any) -> Index:
  if document["schema"] != _SCHEMA:
    return Index()
  return Index(
    facts={
      str(path): (Stamp(*map(int, found)), _fact(fact))
      for path, (found, fact) in document["facts"].items()
    },
    fingerprint=str(document["fingerprint"]),
    sha256=str(document["sha256"]),
  )


def _fact(value: object) -> Fact:
  if isinstance(value, str | bool):
    return value
  raise TypeError(f"{value!r} is no fact")


def _link_or_copy(source: Path, target: Path) -> None:
  try:
    os.link(source, target)
  except FileNotFoundError:
    raise
  except OSError:
    shutil.copyfile(source, target)


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
  """A path to write to, put in the target's place once it is whole."""
  temporary = target.with_name(f"{secrets.token_hex(8)}.tmp")
  try:
    yield temporary
    temporary.replace(target)
  finally:
    temporary.unlink(missing_ok=True)
