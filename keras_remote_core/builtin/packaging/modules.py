"""Where the modules of this process come from."""

from __future__ import annotations

import sys
from pathlib import Path

from keras_remote_core.builtin.packaging.root import is_installed


def source_of(module: str) -> Path | None:
  """The user's file of a module, resolved; a namespace package's folder.

  A module that its package makes up without a file counts as the package.
  None for installed libraries, and where nothing is known.
  """
  name = _origin(module)
  if name is None and "." in module:
    return source_of(module.rpartition(".")[0])
  path = Path(name) if name else None
  if path is None or not path.exists() or is_installed(path):
    return None
  return path.resolve()


def import_root(module: str) -> Path | None:
  """The ``sys.path`` entry by which a module of the user's was found."""
  top = module.partition(".")[0]
  file = source_of(top)
  if file is None:
    return None
  return file.parents[1 if file.name == "__init__.py" else 0]


def _origin(module: str) -> str | None:
  # What was pickled by reference is loaded; looking further might import.
  loaded = sys.modules.get(module)
  places = [getattr(loaded, "__file__", None)]
  places += list(getattr(loaded, "__path__", ()))
  return next(filter(None, places), None)
