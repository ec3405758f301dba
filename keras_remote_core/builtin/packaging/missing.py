"""Which modules of a payload nothing brings into the job: a pure decision."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import frozen

from keras_remote_core.errors import MissingModules

# What every job has: Python, and what its runner brings along.
_THERE = sys.stdlib_module_names | {
  "__main__",
  "cloudpickle",
  "keras_remote",
  "keras_remote_core",
  "keras_remote_runner",
}


@frozen(kw_only=True)
class Need:
  """A module that the job imports.

  Args:
    module: the full name.
    file: the user's file it was loaded from; None for installed libraries and
      for modules without a file.
    providers: canonical names of the distributions it belongs to here.
  """

  module: str
  file: Path | None = None
  providers: frozenset[str] = frozenset()


@frozen(kw_only=True)
class Missing:
  """A module the job would look for in vain, and what helps."""

  module: str
  reason: str
  remedy: str


def always_there(module: str) -> bool:
  """Whether every job has this module."""
  return module.partition(".")[0] in _THERE


def missing(
  needs: Iterable[Need],
  root: Path | None,
  shipped: frozenset[str],
  installed: frozenset[str],
) -> tuple[Missing, ...]:
  """One entry per library or file that is absent, ordered by module.

  Args:
    root: the source root.
    shipped: POSIX paths in the source archive.
    installed: canonical names of the distributions that the requirements
      bring, those they require included.
  """
  found: dict[str, Missing] = {}
  for need in sorted(needs, key=lambda each: each.module):
    if always_there(need.module) or need.providers & installed:
      continue
    if need.file and _ships(need.file, root, shipped):
      continue
    said = _judged(need, root)
    found.setdefault(said.remedy, said)
  return tuple(found.values())


def refusal(found: Sequence[Missing]) -> MissingModules:
  """The error that says all of it."""
  reasons = "".join(f"\n  {each.module}: {each.reason}" for each in found)
  return MissingModules(
    f"the job would import modules that nothing brings along:{reasons}",
    remedy="; ".join(each.remedy for each in found),
  )


def _ships(file: Path, root: Path | None, shipped: frozenset[str]) -> bool:
  if root is None or not file.is_relative_to(root):
    return False
  return file.relative_to(root).as_posix() in shipped


def _judged(need: Need, root: Path | None) -> Missing:
  if need.file and root and need.file.is_relative_to(root):
    path = need.file.relative_to(root).as_posix()
    reason = f"{path} is left out of the source archive"
    remedy = f"add the line !{path} to {root / '.kerasremoteignore'}"
  elif need.file:
    reason = f"{need.file} lies outside of the source root {root}"
    remedy = f"move {need.file.name} into the folder of the function's project"
  elif need.providers:
    names = " or ".join(sorted(need.providers))
    reason = f"comes from {names}, which is not in the requirements"
    remedy = f"add {names} to requirements.txt, or to requirements= of @run"
  else:
    reason = "has no file here and belongs to no installed distribution"
    remedy = f"import {need.module} inside the function instead"
  return Missing(module=need.module, reason=reason, remedy=remedy)
