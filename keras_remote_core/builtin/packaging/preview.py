"""What of a source tree would ship, without packing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen

from keras_remote_core.builtin.packaging import tree
from keras_remote_core.builtin.packaging.notes import Notes
from keras_remote_core.builtin.packaging.packager import left_alone
from keras_remote_core.builtin.packaging.requirements import declared, needed
from keras_remote_core.builtin.packaging.root import (
  source_file,
  source_root,
)
from keras_remote_core.builtin.packaging.stat_cache import StatCache
from keras_remote_core.model import Plan
from keras_remote_core.places import cache_dir


@frozen(kw_only=True)
class Preview:
  """What would ship with a call.

  Args:
    root: the source root; None where no source ships.
    files: how many.
    size: of all files, in bytes.
    largest: the five largest files' paths and bytes.
    secrets: paths left out because they look secret.
    outside: paths left out because they link to folders outside.
    requirements: normalised lines the job needs.
  """

  root: Path | None
  files: int = 0
  size: int = 0
  largest: tuple[tuple[str, int], ...] = ()
  secrets: tuple[str, ...] = ()
  outside: tuple[str, ...] = ()
  requirements: tuple[str, ...] = ()


def preview(plan: Plan, function: Callable[..., Any]) -> Preview:
  """What would ship with a function; writes nothing.

  Raises:
    PackagingError: the tree cannot be read.
    InvalidRequirement: a requirement line cannot be met.
  """
  root, script = source_root(function), source_file(function)
  if root is None:
    lines = declared(None, Notes().text, script)
    return Preview(root=None, requirements=_needed(lines, plan))
  cache = cache_dir()
  notes = Notes(StatCache.of(cache, root).load().facts)
  found = tree.survey(root, notes, left_alone(plan.store.url))
  return Preview(
    root=root,
    files=len(found.entries),
    size=found.size,
    largest=found.largest(),
    secrets=found.secrets,
    outside=found.outside,
    requirements=_needed(declared(root, notes.text, script), plan),
  )


def _needed(lines: tuple[str, ...], plan: Plan) -> tuple[str, ...]:
  return needed(lines, plan.requirements, plan.backend_requirements)
