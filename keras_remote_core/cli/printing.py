"""Listings: a table on a terminal, aligned text in a pipe, or JSON.

Whatever is printed is data: no markup is read from it, and control characters
do not reach the terminal.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from keras_remote_core.errors import UsageError

Record = Mapping[str, Any]
F = TypeVar("F", bound=Callable[..., Any])
_GAP = "  "


def json_option(command: F) -> F:
  """Adds ``--json``, which the command gets as ``as_json``."""
  return click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for other programs."
  )(command)


def listing(
  columns: Sequence[str], records: Sequence[Record], as_json: bool
) -> None:
  """Prints records: all of them as JSON, or their columns as a table."""
  if as_json:
    document(records)
    return
  rows = [[cell(record.get(name)) for name in columns] for record in records]
  if sys.stdout.isatty():
    _rich(columns, rows)
  else:
    click.echo("\n".join(aligned([column.upper() for column in columns], rows)))


def document(value: Any) -> None:
  """Prints JSON."""
  click.echo(json.dumps(value, indent=2, default=str))


def value(result: Any, as_json: bool) -> None:
  """Prints what a function returned.

  Raises:
    UsageError: JSON was asked for, and it has no such form.
  """
  if not as_json:
    click.echo(repr(result))
    return
  try:
    text = json.dumps(result, indent=2, allow_nan=False)
  except (TypeError, ValueError) as error:
    raise UsageError(
      f"the value, a {type(result).__qualname__}, has no JSON form: {error}",
      remedy="return plain data, or leave --json out",
    ) from error
  click.echo(text)


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
  """Lines of cells padded to their columns' widths."""
  table = [columns, *rows]
  widths = [
    max(map(len, column))
    for column in itertools.zip_longest(*table, fillvalue="")
  ]
  return [_GAP.join(map(str.ljust, row, widths)).rstrip() for row in table]


def cell(content: Any) -> str:
  """A value on one line, without control characters."""
  if content is None:
    return ""
  if isinstance(content, bool):
    return "yes" if content else "no"
  if isinstance(content, Mapping):
    return "; ".join(f"{name} {cell(each)}" for name, each in content.items())
  if isinstance(content, list | tuple):
    return ", ".join(map(cell, content))
  characters = (each if each.isprintable() else " " for each in str(content))
  return " ".join("".join(characters).split())


def _rich(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
  from rich.console import Console
  from rich.table import Table
  from rich.text import Text

  table = Table()
  for index, column in enumerate(columns):
    table.add_column(Text(column), no_wrap=index == 0, overflow="fold")
  for row in rows:
    table.add_row(*map(Text, row))
  Console().print(table)
