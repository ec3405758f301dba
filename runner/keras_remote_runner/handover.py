"""What the supervisor and the function's process write for each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CALL, REPORT = "call.json", "report.json"


def write(document: Mapping[str, Any], path: Path) -> None:
  """Writes a document that appears only when it is whole."""
  part = path.with_suffix(".part")
  part.write_text(json.dumps(document), encoding="utf-8")
  part.replace(path)


def read(path: Path) -> dict[str, Any] | None:
  """A document, or None where none was written."""
  try:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
  except FileNotFoundError:
    return None
  return document
