"""Text as Markdown; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def plain(text: str) -> str:
  """Text that no part of is taken for markup."""
  return _SPECIAL.sub(r"\\\1", text).replace("\\<", "&lt;")


def prose(text: str) -> str:
  """The same for text that has its code between backticks, as docstrings do."""
  parts = re.split(r"(`+[^`]+`+)", text)
  return "".join(
    part if part.startswith("`") else plain(part) for part in parts
  )


def code(text: str) -> str:
  """Text as inline code, or nothing of nothing."""
  if not text:
    return ""
  fence = "``" if "`" in text else "`"
  pad = " " if "`" in text else ""
  return f"{fence}{pad}{text}{pad}{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
  """A table, or nothing where there are no rows."""
  lines = [f"| {' | '.join(row)} |".replace("\n", " ") for row in rows]
  if not lines:
    return ""
  rule = "|" + "---|" * len(head)
  return "\n".join((f"| {' | '.join(head)} |", rule, *lines))


def page(title: str, *parts: str) -> str:
  """A page of its parts, without those that are empty."""
  return "\n\n".join((f"# {title}", *filter(None, parts))) + "\n"
