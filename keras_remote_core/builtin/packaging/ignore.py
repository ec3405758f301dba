"""Which paths ignore files exclude, by git's own rules.

``pathspec`` compiles the lines. Its matchers also answer for whatever lies
below a matched folder; here each folder is judged before anything in it is,
as git does, so a pattern counts only where it names the path itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import frozen


@frozen
class Level:
  """The patterns of one ignore file, the last one first.

  Args:
    base: the file's folder, as an absolute path that ends in a slash.
    patterns: expressions, each with whether what it names is excluded.
  """

  base: str
  patterns: tuple[tuple[re.Pattern[str], bool], ...]

  def verdict(self, path: str, folder: bool) -> bool | None:
    """Whether this file excludes an absolute path; None if it says nothing."""
    relative = path[len(self.base) :]
    for expression, excludes in self.patterns:
      if _names(expression, relative, folder):
        return excludes
    return None


def level(base: str, text: str) -> Level:
  """The level that an ignore file in the folder ``base`` makes."""
  lines = text.removeprefix("\ufeff").split("\n")
  compiled = [each for line in lines for each in _compiled(line)]
  return Level(base.rstrip("/") + "/", tuple(reversed(compiled)))


def verdict(levels: Iterable[Level], path: str, folder: bool) -> bool | None:
  """What the innermost level with an opinion says; levels go inwards."""
  for each in reversed(tuple(levels)):
    answer = each.verdict(path, folder)
    if answer is not None:
      return answer
  return None


def _compiled(line: str) -> list[tuple[re.Pattern[str], bool]]:
  from pathspec import GitIgnoreSpec

  try:
    patterns: Iterable[Any] = GitIgnoreSpec.from_lines([_plain(line)]).patterns
  except ValueError:  # git skips what it cannot read as a pattern
    return []
  return [
    (each.regex, each.include) for each in patterns if each.include is not None
  ]


def _plain(line: str) -> str:
  # To pathspec "a/**/" is the folder itself; to git it is each one below.
  return re.sub(r"(?<=/\*\*/)\s*$", "*/", line.removesuffix("\r"))


def _names(expression: re.Pattern[str], path: str, folder: bool) -> bool:
  # A group of the expression took part where the match went through a folder's
  # slash: that is the path itself only if the path ends there.
  found = expression.search(path)
  if found and found.lastgroup is None:
    return True
  return folder and any(
    each.lastgroup is not None and each.end() == len(path) + 1
    for each in expression.finditer(path + "/")
  )
