"""``uv.lock``: the exact versions of what ``pyproject.toml`` requires.

Each package that can be reached from the project becomes one line, under the
markers on the ways to it, so that the same lines hold on every platform.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from keras_remote_core.builtin.packaging.pyproject import GROUP
from keras_remote_core.builtin.packaging.requirement_lines import (
  is_ours,
  name_of,
  normalize,
)
from keras_remote_core.builtin.packaging.toml_files import loaded
from keras_remote_core.errors import InvalidRequirement

_Package = Mapping[str, Any]
_Edge = Mapping[str, Any]
_Node = tuple[str, str, str]
"""A package's name and version, and one of its extras or nothing."""
_Ways = frozenset[frozenset[str]]
"""Alternatives, each a set of markers that all have to hold."""

_ALWAYS: _Ways = frozenset({frozenset()})


def pinned(text: str, file: Path, required: tuple[str, ...]) -> tuple[str, ...]:
  """One normalised line per package that the project needs.

  Args:
    required: the project's own lines, which the lock has to know.

  Raises:
    InvalidRequirement: the lock is older than the project, or names something
      that only this machine has.
  """
  try:
    lock = _Lock(tuple(loaded(text, file)["package"]), file)
    found = lock.lines()
  except (KeyError, TypeError, AttributeError, ValueError) as error:
    raise _wrong(f"{file} is not a lock that can be read: {error!r}") from error
  wanted = {name_of(each) for each in required if not is_ours(name_of(each))}
  absent = wanted - set(map(name_of, found))
  if absent:
    raise _wrong(f"{file} does not know {', '.join(sorted(absent))}")
  return found


@frozen
class _Lock:
  packages: tuple[_Package, ...]
  file: Path

  def lines(self) -> tuple[str, ...]:
    reached = self._reached(_of_project(self.packages))
    return tuple(
      self._line(each, reached[_node(each)])
      for each in self.packages
      if _node(each) in reached
    )

  def _reached(self, edges: list[_Edge]) -> dict[_Node, _Ways]:
    """Follows every way from the project until none says anything new."""
    found: dict[_Node, _Ways] = {}
    pending = [(edge, _ALWAYS) for edge in edges]
    while pending:
      edge, ways = pending.pop()
      for package, extra in self._targets(edge):
        node = _node(package, extra)
        known = found.get(node, frozenset())
        wider = _simplest(known | _under(ways, edge.get("marker")))
        if wider != known:
          found[node] = wider
          pending += [(each, wider) for each in _edges(package, extra)]
    return found

  def _targets(self, edge: _Edge) -> Iterator[tuple[_Package, str]]:
    """The packages of an edge, each by itself and with its extras.

    What only keras-remote needs, jobs do not.
    """
    if is_ours(edge["name"]):
      return
    for each in self.packages:
      version = edge.get("version", each.get("version"))
      if each["name"] == edge["name"] and each.get("version") == version:
        yield from ((each, extra) for extra in ("", *edge.get("extra", ())))

  def _line(self, package: _Package, ways: _Ways) -> str:
    return normalize(f"{self._named(package)}{_marker(ways)}", str(self.file))

  def _named(self, package: _Package) -> str:
    name, source = package["name"], package["source"]
    if "registry" in source:
      return f"{name}=={package['version']}"
    if "git" in source:
      return f"{name} @ {_commit(source['git'])}"
    if "url" in source:
      return f"{name} @ {source['url']}"
    raise _wrong(f"{self.file}: {name} is a local project")


def _of_project(packages: tuple[_Package, ...]) -> list[_Edge]:
  """What the project itself requires."""
  for each in packages:
    if "." in (each["source"].get("editable"), each["source"].get("virtual")):
      groups = each.get("dev-dependencies", {})
      return [*each.get("dependencies", ()), *groups.get(GROUP, ())]
  raise ValueError("it has no package of this folder")


def _node(package: _Package, extra: str = "") -> _Node:
  return package["name"], package.get("version", ""), extra


def _edges(package: _Package, extra: str) -> list[_Edge]:
  if extra:
    return list(package.get("optional-dependencies", {}).get(extra, ()))
  return list(package.get("dependencies", ()))


def _under(ways: _Ways, marker: str | None) -> _Ways:
  return frozenset(way | {marker} for way in ways) if marker else ways


def _simplest(ways: _Ways) -> _Ways:
  """Without the alternatives that another one includes."""
  return frozenset(w for w in ways if not any(other < w for other in ways))


def _marker(ways: _Ways) -> str:
  if ways == _ALWAYS:
    return ""
  joined = sorted(" and ".join(f"({m})" for m in sorted(way)) for way in ways)
  return " ; " + " or ".join(joined)


def _commit(git: str) -> str:
  """The address of a commit: the lock has it behind the number sign."""
  address, _, commit = git.partition("#")
  address, _, query = address.partition("?")
  folders = [
    each for each in query.split("&") if each.startswith("subdirectory=")
  ]
  end = f"#{folders[0]}" if folders else ""
  return f"git+{address}@{commit}{end}"


def _wrong(message: str) -> InvalidRequirement:
  return InvalidRequirement(
    message,
    remedy="uv lock, or write a requirements.txt, which counts before it",
  )
