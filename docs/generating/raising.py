"""The messages and remedies that errors are raised with, read from sources."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

_GAP = "…"
_FEWEST = 3
"""Words without which a message tells nobody which one it is."""
_LEFT_OUT = frozenset(("testing", "tests"))
Names = Mapping[str, ast.expr]


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


def _made(module: ast.Module) -> Iterator[tuple[str, Told]]:
  constants = _names(module.body)
  for function in _functions(module):
    names = {**constants, **_names(ast.walk(function))}
    for node in ast.walk(function):
      if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        message = _text(node.args[0], names) if node.args else ""
        if len(re.findall(r"\w+", message)) >= _FEWEST:
          yield node.func.id, Told(message, _remedy(node, names))


def _functions(node: ast.AST) -> Iterator[ast.AST]:
  """The functions and methods in a module, but not those within them."""
  for inner in ast.iter_child_nodes(node):
    if isinstance(inner, ast.FunctionDef):
      yield inner
    else:
      yield from _functions(inner)


def _names(statements: Iterable[ast.AST]) -> Names:
  """What each name stands for that only one of the statements sets."""
  pairs = [
    (target.id, each.value)
    for each in statements
    if isinstance(each, ast.Assign)
    for target in each.targets
    if isinstance(target, ast.Name)
  ]
  times = Counter(name for name, _ in pairs)
  return {name: value for name, value in pairs if times[name] == 1}


def _remedy(call: ast.Call, names: Names) -> str:
  given = (each.value for each in call.keywords if each.arg == "remedy")
  remedy = next((_text(each, names) for each in given), "").strip()
  return "" if remedy == _GAP else remedy


def _text(node: ast.expr, names: Names) -> str:
  """A piece of text as far as it is written out."""
  match node:
    case ast.Constant(value=value):
      return str(value or "")
    case ast.JoinedStr(values=parts):
      return "".join(_text(part, names) for part in parts)
    case ast.FormattedValue(value=ast.Name() as value):
      return _text(value, names)
    case ast.BinOp(left=left, op=ast.Add(), right=right):
      return _text(left, names) + _text(right, names)
    case ast.IfExp(body=body, orelse=orelse):
      either = [_text(each, names) for each in (body, orelse)]
      return " or: ".join(each for each in either if each.strip(_GAP)) or _GAP
    case ast.Name(id=name) if name in names:
      rest = {each: value for each, value in names.items() if each != name}
      return _text(names[name], rest)
    case _:
      return _GAP
