"""The pages of plugins and examples, which lie beside their code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PATTERNS = ("plugins/*.md", "plugins/*/*.md", "examples/*/*.md")
# The site has docs/ at its root.
_MOVED = {"](../docs/": "](../", "](../../docs/": "](../../"}


def pages() -> Mapping[str, str]:
  """Their Markdown files, at the same paths in the site."""
  found = sorted(path for each in _PATTERNS for path in _ROOT.glob(each))
  return {path.relative_to(_ROOT).as_posix(): _text(path) for path in found}


def _text(path: Path) -> str:
  text = path.read_text()
  for theirs, ours in _MOVED.items():
    text = text.replace(theirs, ours)
  return text
