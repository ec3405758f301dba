"""Which requirement lines a job needs: the tree's own, then the user's."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from keras_remote_core.builtin.packaging.requirement_lines import (
  Reader,
  name_of,
  normalize,
  parse,
)
from keras_remote_core.errors import InvalidRequirement


def declared(root: Path, read: Reader) -> tuple[str, ...]:
  """The normalised requirement lines of a source tree.

  ``requirements.txt`` counts if there is one, else the ``dependencies`` of
  ``pyproject.toml``.

  Args:
    read: returns a file's text, or None where there is none.

  Raises:
    InvalidRequirement: with file and line.
  """
  listing, project = root / "requirements.txt", root / "pyproject.toml"
  text = read(listing)
  if text is not None:
    return parse(text, listing, root, read)
  text = read(project)
  return () if text is None else _dependencies(text, project)


def needed(
  declared: Iterable[str], given: Iterable[str], added: Iterable[str] = ()
) -> tuple[str, ...]:
  """What the job needs, sorted: a given line replaces the tree's of that name.

  What the job brings along by itself, keras-remote and its plugins, is left
  out.

  Args:
    added: the backend's own lines; anybody's of that name replaces them.

  Raises:
    InvalidRequirement: a given line is not a requirement.
  """
  lines = [normalize(line, "requirements=") for line in given]
  for weaker in (declared, [normalize(line, "backend") for line in added]):
    names = {name_of(line) for line in lines}
    lines += [line for line in weaker if name_of(line) not in names]
  return tuple(sorted({line for line in lines if not _ours(name_of(line))}))


def _ours(name: str) -> bool:
  return name == "keras-remote" or name.startswith("keras-remote-")


def _dependencies(text: str, file: Path) -> tuple[str, ...]:
  try:
    lines = tomllib.loads(text).get("project", {}).get("dependencies", [])
    if not isinstance(lines, list):
      raise TypeError("project.dependencies is not a list")
  except (tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
    raise InvalidRequirement(
      f"{file}: {error}",
      remedy='write dependencies = ["numpy>=1.26"] below [project]',
    ) from error
  place = _placer(text, file)
  return tuple(normalize(str(line), place(str(line))) for line in lines)


def _placer(text: str, file: Path) -> Callable[[str], str]:
  """A function that says where a line stands; TOML's parser does not tell."""

  def place(dependency: str) -> str:
    for number, line in enumerate(text.splitlines(), 1):
      if f'"{dependency}"' in line or f"'{dependency}'" in line:
        return f"{file}:{number}"
    return str(file)

  return place
