"""``pylock.toml``: exact versions that any tool may have written.

The format: https://peps.python.org/pep-0751/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keras_remote_core.builtin.packaging.requirement_lines import (
  is_ours,
  normalize,
)
from keras_remote_core.builtin.packaging.toml_files import loaded, placer
from keras_remote_core.errors import InvalidRequirement

_CHOOSES = re.compile(r"\b(extras|dependency_groups)\b")


def pinned(text: str, file: Path) -> tuple[str, ...]:
  """One normalised line per package, in the file's order.

  Raises:
    InvalidRequirement: with file and line.
  """
  packages = loaded(text, file).get("packages", [])
  if not isinstance(packages, list):
    raise _wrong(f"{file}: packages is not an array of tables")
  return tuple(_lines(packages, text, file))


def _lines(packages: list[Any], text: str, file: Path) -> Iterator[str]:
  place = placer(text, file)
  for package in packages:
    if not isinstance(package, dict) or not package.get("name"):
      raise _wrong(f"{file}: a package has no name")
    name = str(package["name"])
    where = place(name)
    if is_ours(name) or package.get("directory", {}).get("path") == ".":
      continue  # what jobs bring, or the project itself, which ships
    yield normalize(f"{name}{_which(package, where)}", where)


def _which(package: Mapping[str, Any], where: str) -> str:
  """What follows the name: a version or an address, and a marker."""
  marker = package.get("marker")
  if marker and _CHOOSES.search(marker):
    raise _wrong(f"{where}: the marker {marker!r} depends on what is installed")
  return _source(package, where) + (f" ; {marker}" if marker else "")


def _source(package: Mapping[str, Any], where: str) -> str:
  if "directory" in package or "path" in package.get("vcs", {}):
    raise _wrong(f"{where}: {package['name']} is a local project")
  if vcs := package.get("vcs"):
    folder = vcs.get("subdirectory")
    end = f"#subdirectory={folder}" if folder else ""
    return f" @ {vcs['type']}+{vcs['url']}@{vcs['commit-id']}{end}"
  if url := package.get("archive", {}).get("url"):
    return f" @ {url}"
  if version := package.get("version"):
    return f"=={version}"
  raise _wrong(f"{where}: {package['name']} has no version")


def _wrong(message: str) -> InvalidRequirement:
  return InvalidRequirement(
    message,
    remedy="write the lock anew without local projects, extras and groups, or"
    " write a requirements.txt, which counts before it",
  )
