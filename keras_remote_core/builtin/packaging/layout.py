"""How ``sys.path`` and the working directory look inside the source tree."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from keras_remote_core.builtin.packaging.root import is_installed
from keras_remote_core.model import Layout


def layout(
  root: Path, cwd: Path, sys_path: Iterable[str], import_roots: Iterable[Path]
) -> Layout:
  """The part of a process's layout that lies in the tree.

  Args:
    root: resolved, as are all paths but ``sys_path``.
    sys_path: entries as Python has them; an empty one is ``cwd``.
    import_roots: folders that the payload's modules were found in, although
      an import hook may have kept them off ``sys_path``.
  """
  entries = [(cwd / entry).resolve() for entry in sys_path]
  inside = [_relative(path, root) for path in (*entries, *import_roots)]
  kept = dict.fromkeys(path for path in inside if path is not None)
  return Layout(sys_path=tuple(kept) or (".",), cwd=_relative(cwd, root) or ".")


def _relative(path: Path, root: Path) -> str | None:
  if not path.is_relative_to(root) or is_installed(path):
    return None
  return path.relative_to(root).as_posix()
