"""The source step: a tree becomes one archive, from the cache if unchanged."""

from __future__ import annotations

import time
from pathlib import Path

from attrs import frozen

from keras_remote_core.builtin.packaging import tree
from keras_remote_core.builtin.packaging.archive import write_archive
from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.requirements import declared
from keras_remote_core.builtin.packaging.stat_cache import StatCache
from keras_remote_core.builtin.packaging.survey import TICK, Survey
from keras_remote_core.model import Blob


@frozen(kw_only=True)
class Source:
  """A packed tree, with the requirement lines it declares."""

  survey: Survey
  blob: Blob
  requirements: tuple[str, ...]


def pack_source(
  root: Path,
  target: Path,
  cache: Path,
  skip: frozenset[str] = frozenset(),
  script: Path | None = None,
) -> Source:
  """Packs the tree below a resolved root; reads no file of an unchanged one.

  Args:
    target: where the archive goes.
    cache: the user's cache folder.
    skip: absolute paths to leave out.
    script: the file whose own requirements count before the tree's.

  Raises:
    PackagingError: the tree cannot be read.
    InvalidRequirement: the tree declares a requirement that cannot be met.
  """
  known = StatCache.of(cache, root)
  index = known.load()
  notes = Notes(index.facts)
  found = _settled_survey(root, notes, skip)
  requirements = declared(root, notes.text, script)
  blob = None
  if index.fingerprint == found.fingerprint():
    blob = known.fetch(index, target)
  if blob is None or index.facts != notes.settled(found.started):
    blob = blob or write_archive(found, target)
    known.store(found, notes, blob)
  return Source(survey=found, blob=blob, requirements=requirements)


def _settled_survey(root: Path, notes: Notes, skip: frozenset[str]) -> Survey:
  """A survey that later ones can be compared with, if waiting a tick helps."""
  found = tree.survey(root, notes, skip)
  if found.settled:
    return found
  time.sleep(TICK / 1e9)
  return tree.survey(root, notes, skip)
