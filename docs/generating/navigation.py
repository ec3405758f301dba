"""The site's navigation, with folders listed; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_INDEXES = ("README.md", "index.md")


def expanded(nav: Sequence[Any], paths: Iterable[str]) -> list[Any]:
  """A navigation whose folders ``name/`` are replaced by their pages.

  What the navigation names elsewhere is not listed again.
  """
  named = set(_named(nav))
  rest = sorted((each for each in paths if each not in named), key=_order)
  return [_entry(each, rest) for each in nav]


def _named(nav: Any) -> Iterable[str]:
  """All that a navigation names."""
  if isinstance(nav, str):
    yield nav
  else:
    values = nav.values() if isinstance(nav, dict) else nav
    for each in values:
      yield from _named(each)


def _entry(entry: Any, rest: Sequence[str]) -> Any:
  if isinstance(entry, dict):
    return {title: _entry(inner, rest) for title, inner in entry.items()}
  if isinstance(entry, list):
    return [_entry(each, rest) for each in entry]
  if entry.endswith("/"):
    return [each for each in rest if each.startswith(entry)]
  return entry


def _order(path: str) -> tuple[str, bool, str]:
  """A folder's index before its other pages."""
  folder, _, name = path.rpartition("/")
  return folder, name not in _INDEXES, name
