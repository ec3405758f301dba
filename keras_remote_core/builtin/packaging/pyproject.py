"""What ``pyproject.toml`` says a job needs.

Its ``dependencies``, and the dependency group ``keras-remote`` if there is
one, which may include others: https://peps.python.org/pep-0735/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from keras_remote_core.builtin.packaging.toml_files import (
  lines,
  loaded,
  placer,
  table,
)
from keras_remote_core.errors import InvalidRequirement

GROUP = "keras-remote"
"""The dependency group that jobs get beside the dependencies."""


def dependencies(text: str, file: Path) -> tuple[str, ...]:
  """The normalised lines, in the file's order.

  Raises:
    InvalidRequirement: with file and line.
  """
  document = loaded(text, file)
  found = table(document, "project", file).get("dependencies", [])
  groups = table(document, "dependency-groups", file)
  names = {_spelt(name): name for name in groups}
  grouped = list(_members(GROUP, groups, names, (), placer(text, file)))
  return (
    *lines(found, text, file, "project.dependencies"),
    *lines(grouped, text, file, f"dependency-groups.{GROUP}"),
  )


def _members(
  name: str,
  groups: Mapping[str, Any],
  names: Mapping[str, str],
  including: tuple[str, ...],
  place: Callable[[str], str],
) -> Iterator[str]:
  """A group's requirements and those of the groups it includes."""
  spelt = _spelt(name)
  if spelt not in names:
    if including:
      raise _wrong(f"{place(name)}: there is no dependency group {name!r}")
    return
  if spelt in including:
    raise _wrong(f"{place(name)}: the group {name!r} includes itself")
  for member in _listed(groups[names[spelt]], name, place):
    if isinstance(member, str):
      yield member
    else:
      other = _included(member, name, place)
      yield from _members(other, groups, names, (*including, spelt), place)


def _listed(found: Any, name: str, place: Callable[[str], str]) -> list[Any]:
  if not isinstance(found, list):
    raise _wrong(f"{place(name)}: the group {name!r} is not a list")
  return found


def _included(member: Any, name: str, place: Callable[[str], str]) -> str:
  other = member.get("include-group") if isinstance(member, dict) else None
  if not isinstance(other, str):
    raise _wrong(
      f"{place(name)}: the group {name!r} holds {member!r}, no requirement"
    )
  return other


def _spelt(name: str) -> str:
  from packaging.utils import canonicalize_name

  return canonicalize_name(name)


def _wrong(message: str) -> InvalidRequirement:
  return InvalidRequirement(
    message, remedy='write it like keras-remote = ["numpy>=1.26"]'
  )
