"""TOML files that hold requirements: read, and with places to name in errors."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keras_remote_core.builtin.packaging.requirement_lines import normalize
from keras_remote_core.errors import InvalidRequirement


def loaded(text: str, file: Path) -> dict[str, Any]:
  """A TOML document.

  Raises:
    InvalidRequirement: it is none.
  """
  try:
    return tomllib.loads(text)
  except tomllib.TOMLDecodeError as error:
    raise InvalidRequirement(
      f"{file}: {error}", remedy=f"correct {file.name}"
    ) from error


def table(document: Mapping[str, Any], name: str, file: Path) -> dict[str, Any]:
  """A table of a document, empty where there is none."""
  found = document.get(name, {})
  if not isinstance(found, dict):
    raise InvalidRequirement(
      f"{file}: {name} is not a table", remedy=f"write [{name}]"
    )
  return found


def lines(found: object, text: str, file: Path, name: str) -> tuple[str, ...]:
  """The normalised requirements of an array.

  Args:
    name: what the array is called, for errors.

  Raises:
    InvalidRequirement: with file and line.
  """
  if not isinstance(found, list):
    raise InvalidRequirement(
      f"{file}: {name} is not a list",
      remedy=f'write {name.rpartition(".")[2]} = ["numpy>=1.26"]',
    )
  place = placer(text, file)
  return tuple(normalize(str(each), place(str(each))) for each in found)


def placer(text: str, file: Path, first: int = 1) -> Callable[[str], str]:
  """A function that says where a string stands; TOML's parser does not tell.

  Args:
    first: the number of the text's first line in its file.
  """

  def place(string: str) -> str:
    for number, line in enumerate(text.splitlines(), first):
      if f'"{string}"' in line or f"'{string}'" in line:
        return f"{file}:{number}"
    return str(file)

  return place
