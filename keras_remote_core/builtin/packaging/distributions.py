"""Installed distributions: which module is whose, and who needs whom."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence


def providers(module: str) -> frozenset[str]:
  """Canonical names of the installed distributions that hold a module.

  Where several share a namespace such as ``google``, those that have files of
  this very module, if any do.
  """
  from packaging.utils import canonicalize_name

  candidates = set(_owners().get(module.partition(".")[0], ()))
  if len(candidates) > 1:
    candidates = {c for c in candidates if _has(c, module)} or candidates
  return frozenset(canonicalize_name(each) for each in candidates)


def with_dependencies(lines: Iterable[str]) -> frozenset[str]:
  """Canonical names that requirement lines bring, as far as known here."""
  found: set[tuple[str, frozenset[str]]] = set()
  pending = [_parsed(line) for line in lines]
  while pending:
    each = pending.pop()
    if each not in found:
      found.add(each)
      pending.extend(_dependencies(*each))
  return frozenset(name for name, _ in found)


@functools.cache
def _owners() -> Mapping[str, Sequence[str]]:
  from importlib.metadata import packages_distributions

  return packages_distributions()


def _has(distribution: str, module: str) -> bool:
  from importlib.metadata import files

  stem = module.replace(".", "/")
  return any(
    str(file).startswith((f"{stem}/", f"{stem}."))
    for file in files(distribution) or ()
  )


def _parsed(line: str) -> tuple[str, frozenset[str]]:
  from packaging.requirements import Requirement
  from packaging.utils import canonicalize_name

  requirement = Requirement(line)
  return canonicalize_name(requirement.name), frozenset(requirement.extras)


def _dependencies(
  name: str, extras: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
  from importlib.metadata import PackageNotFoundError, requires

  from packaging.requirements import Requirement

  try:
    lines = requires(name) or ()
  except PackageNotFoundError:  # not installed here: nothing more is known
    return
  for line in lines:
    marker = Requirement(line).marker
    cases = ({"extra": extra} for extra in ("", *extras))
    if marker is None or any(marker.evaluate(case) for case in cases):
      yield _parsed(line)
