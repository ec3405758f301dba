"""What the packed half of a store imports."""

from __future__ import annotations

import ast
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path


def foreign(runner: Path) -> set[str]:
  """Top-level modules that a packed store imports and Python lacks."""
  with zipfile.ZipFile(runner) as archive:
    sources = [
      archive.read(name)
      for name in archive.namelist()
      if name.startswith("keras_remote_store")
    ]
  found = {name for source in sources for name in _imported(source)}
  return found - sys.stdlib_module_names


def _imported(source: bytes) -> Iterator[str]:
  for node in ast.walk(ast.parse(source)):
    if isinstance(node, ast.Import):
      yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
      yield (node.module or "").partition(".")[0]
