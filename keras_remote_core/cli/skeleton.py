"""The files of a new plugin: a backend that works, to be changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.machinery import PathFinder
from importlib.resources.abc import Traversable
from pathlib import Path

from keras_remote_core.errors import UsageError

_SUFFIX = ".template"


def files(name: str) -> dict[str, str]:
  """What a new plugin of a name consists of, by path."""
  root = resources.files("keras_remote_core").joinpath("skeleton")
  words = _words(name)
  return {
    _filled(path.replace("package/", "keras_remote_@module@/"), words): _filled(
      text, words
    )
    for path, text in _templates(root, "")
  }


def write(made: Mapping[str, str], folder: Path) -> None:
  """Writes all files into a folder of their own, or none.

  Raises:
    UsageError: there is such a folder already, or it cannot be made.
  """
  try:
    with tempfile.TemporaryDirectory(dir=folder.absolute().parent) as scratch:
      new = Path(scratch) / "new"
      for path, text in made.items():
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).write_text(text)
      # Fails where anything is there by now, but an empty folder.
      new.rename(folder)
  except OSError as error:
    raise UsageError(
      f"{folder} cannot be written: {error.strerror}",
      remedy="give a folder that does not exist yet: --folder FOLDER",
    ) from error


def check_name(name: str, taken: Mapping[str, str]) -> None:
  """Raises UsageError for what cannot be a plugin's name.

  Args:
    taken: the names that are in use, with the plugin that each belongs to.
  """
  if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
    raise UsageError(
      f"{name!r} cannot be a plugin's name: one has lower-case letters, digits"
      " and single hyphens, and begins with a letter",
      remedy=_instead(name),
    )
  package = f"keras_remote_{_words(name)['@module@']}"
  if PathFinder.find_spec(package):
    raise UsageError(
      f"the name {name!r} is taken: there is a package {package!r}",
      remedy="choose another name",
    )
  if name in taken:
    raise UsageError(
      f"the name {name!r} is taken: the installed plugin {taken[name]!r} has it",
      remedy="choose another name",
    )


def _instead(name: str) -> str:
  usable = re.sub(r"[^a-z0-9]+", "-", name.lower())
  usable = usable.strip("-").lstrip("-0123456789")
  return f"write {usable}" if usable else "choose another name"


def _words(name: str) -> dict[str, str]:
  module = name.replace("-", "_")
  return {
    "@name@": name,
    "@module@": module,
    "@NAME@": module.upper(),
    "@Class@": "".join(part.capitalize() for part in name.split("-")),
  }


def _filled(text: str, words: Mapping[str, str]) -> str:
  for word, value in words.items():
    text = text.replace(word, value)
  return text


def _templates(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
  for each in sorted(folder.iterdir(), key=lambda each: each.name):
    if each.is_dir():
      yield from _templates(each, f"{prefix}{each.name}/")
    elif each.name.endswith(_SUFFIX):
      yield prefix + each.name.removesuffix(_SUFFIX), each.read_text()
