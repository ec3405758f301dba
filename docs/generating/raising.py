"""The messages and remedies that errors are raised with, read from sources."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

_GAP = "…"
_FEWEST = 3
"""Words without which a message tells nobody which one it is."""
_LEFT_OUT = frozenset(("testing", "tests"))


@frozen(order=True)
class Told:
  """What an error says, and what helps; names and numbers are ``…``."""

  message: str
  remedy: str


def told(packages: Iterable[Path]) -> dict[str, list[Told]]:
  """What each class of error is made with anywhere in some packages.

  What is not written out where the error is made is left out.
  """
  found = defaultdict(set)
  for package in packages:
    for path in _sources(package):
      for name, made in _made(ast.parse(path.read_text())):
        found[name].add(made)
  return {name: sorted(made) for name, made in found.items()}


def _sources(package: Path) -> Iterator[Path]:
  for path in package.rglob("*.py"):
    if _LEFT_OUT.isdisjoint(path.relative_to(package).parts):
      yield path


def _made(tree: ast.AST) -> Iterator[tuple[str, Told]]:
  for node in ast.walk(tree):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
      message = _text(node.args[0]) if node.args else ""
      if len(re.findall(r"\w+", message)) >= _FEWEST:
        yield node.func.id, Told(message, _remedy(node))


def _remedy(call: ast.Call) -> str:
  return next(
    (_text(each.value) for each in call.keywords if each.arg == "remedy"), ""
  ).strip()


def _text(node: ast.expr) -> str:
  """A piece of text as far as it is written out."""
  match node:
    case ast.Constant(value=value):
      return str(value or "")
    case ast.JoinedStr(values=parts):
      return "".join(map(_text, parts))
    case ast.BinOp(left=left, op=ast.Add(), right=right):
      return f"{_text(left)}{_text(right)}"
    case ast.IfExp(body=body, orelse=orelse):
      return " or: ".join(filter(None, (_text(body), _text(orelse))))
    case _:
      return _GAP
