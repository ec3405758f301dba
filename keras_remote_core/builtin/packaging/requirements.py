"""Which requirement lines a job needs: the tree's own, then the user's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from keras_remote_core.builtin.packaging import (
  pylock,
  pyproject,
  script_metadata,
  uv_lock,
)
from keras_remote_core.builtin.packaging.requirement_lines import (
  Reader,
  is_ours,
  name_of,
  normalize,
  parse,
)


def declared(
  root: Path | None, read: Reader, script: Path | None = None
) -> tuple[str, ...]:
  """The normalised requirement lines of a source tree and a script in it.

  The first of these that is there counts: the script's own metadata, then the
  tree's ``requirements.txt``, ``pylock.toml``, and ``pyproject.toml``, whose
  versions are those of ``uv.lock`` where that is there, too.

  Args:
    read: returns a file's text, or None where there is none.
    script: the file that the function was written in.

  Raises:
    InvalidRequirement: with file and line.
  """
  if script and (text := read(script)) is not None:
    found = script_metadata.dependencies(text, script)
    if found is not None:
      return found
  return _of_tree(root, read) if root else ()


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
  return tuple(sorted({line for line in lines if not is_ours(name_of(line))}))


def _of_tree(root: Path, read: Reader) -> tuple[str, ...]:
  listing, lock = root / "requirements.txt", root / "pylock.toml"
  if (text := read(listing)) is not None:
    return parse(text, listing, root, read)
  if (text := read(lock)) is not None:
    return pylock.pinned(text, lock)
  return _of_project(root / "pyproject.toml", root / "uv.lock", read)


def _of_project(file: Path, lock: Path, read: Reader) -> tuple[str, ...]:
  text = read(file)
  if text is None:
    return ()
  required = pyproject.dependencies(text, file)
  locked = read(lock)
  if locked is None:
    return required
  return uv_lock.pinned(locked, lock, required)
