"""``requirements.txt``, as far as a job can follow it.

The format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from keras_remote_core.errors import InvalidRequirement

Reader = Callable[[Path], str | None]

_COMMENT = re.compile(r"(^|\s+)#.*$")
_INCLUDE = re.compile(r"(?:-r\s*|--requirement(?:\s+|=))(?P<file>.+)")
_CREDENTIALS = re.compile(r"(?<=https://)(?!\$\{\w+\}@)[^/\s@]+(?=@)")
# What else pip takes, and what to do about it in a job.
_REFUSED = (
  (
    re.compile(
      r"(-e|--editable)(\s|=|\.|/)|\.{0,2}/|\.(\[|$)|[\w./-]+\.(whl|zip|tar\.gz)$"
    ),
    "names a local project",
    "remove the line: the source tree ships by itself; what lies outside of it"
    " has to be published, or moved into it",
  ),
  (
    re.compile(r"-c|--constraint"),
    "refers to a constraints file",
    "write the pinned versions into the requirements themselves",
  ),
  (
    re.compile(
      r"(-i|--index-url|--extra-index-url|-f|--find-links|--no-index)"
    ),
    "chooses a package index",
    "remove the line and set the index for the job, for example with"
    ' env={"UV_INDEX": "<url>"}',
  ),
  (
    re.compile(r".*\s--hash[=\s]"),
    "pins a hash",
    "export the file without hashes",
  ),
  (
    re.compile(r"-"),
    "is an option for pip",
    "remove the line, or build an image of your own: container_image=",
  ),
  (
    re.compile(rf".*{_CREDENTIALS.pattern}"),
    "carries credentials, which would be stored with the job",
    "name an environment variable in their place, like"
    " https://${TOKEN}@host/…, and give it with secrets=",
  ),
  (
    re.compile(r"(git|hg|svn|bzr)\+|https?://|file:"),
    "is an address without a name",
    'write "<name> @ <address>"',
  ),
  (
    re.compile(r"[^#]*@\s*file:"),
    "is at an address that only this machine has",
    "publish the project, or move it into the source tree",
  ),
)


def parse(text: str, file: Path, root: Path, read: Reader) -> tuple[str, ...]:
  """The normalised lines of a requirements file and of those it includes.

  Raises:
    InvalidRequirement: with file and line; also where an include is missing,
      outside of the root, or includes itself.
  """
  return tuple(_lines(text, file, root, read, including=(file,)))


def normalize(line: str, place: str) -> str:
  """A requirement in its one spelling.

  Raises:
    InvalidRequirement: starting with ``place``.
  """
  from packaging.requirements import InvalidRequirement as Unparsable
  from packaging.requirements import Requirement
  from packaging.utils import canonicalize_name

  _refuse(line, place)
  try:
    requirement = Requirement(line)
  except Unparsable as error:
    reason = str(error).splitlines()[0]
    raise InvalidRequirement(
      f"{place}: {_shown(line)} is not a requirement: {reason}",
      remedy='write it like "numpy>=1.26" or "keras[all]==3.5"',
    ) from error
  requirement.name = canonicalize_name(requirement.name)
  return str(requirement)


def name_of(line: str) -> str:
  """The distribution a normalised line is about."""
  found = re.match(r"[a-z0-9-]+", line)
  return found.group() if found else line


def is_ours(name: str) -> bool:
  """Whether a distribution is keras-remote or a plugin, which jobs bring."""
  return name == "keras-remote" or name.startswith("keras-remote-")


def _lines(
  text: str, file: Path, root: Path, read: Reader, including: tuple[Path, ...]
) -> Iterator[str]:
  for number, line in _logical(text):
    place = f"{file}:{number}"
    include = _INCLUDE.fullmatch(line)
    if include is None:
      yield normalize(line, place)
      continue
    other = Path(os.path.normpath(file.parent / include["file"].strip()))
    if other in including:
      raise InvalidRequirement(
        f"{place}: {other} includes itself", remedy="remove the line"
      )
    yield from _lines(
      _included(other, place, root, read),
      other,
      root,
      read,
      (*including, other),
    )


def _included(file: Path, place: str, root: Path, read: Reader) -> str:
  text = read(file) if file.is_relative_to(root) else None
  if text is None:
    raise InvalidRequirement(
      f"{place}: there is no {file} in the source tree {root}",
      remedy="correct the path, or put the lines into this file",
    )
  return text


def _logical(text: str) -> Iterator[tuple[int, str]]:
  """Lines joined where they end in a backslash, with the first one's number."""
  begin, parts = 1, ""
  for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
    begin = begin if parts else number
    if line.endswith("\\") and not line.lstrip().startswith("#"):
      parts += line[:-1] + " "
      continue
    joined = _COMMENT.sub("", parts + line).strip()
    parts = ""
    if joined:
      yield begin, joined
  if parts.strip():
    yield begin, _COMMENT.sub("", parts).strip()


def _refuse(line: str, place: str) -> None:
  for expression, reason, remedy in _REFUSED:
    if expression.match(line):
      raise InvalidRequirement(
        f"{place}: {_shown(line)} {reason}", remedy=remedy
      )


def _shown(line: str) -> str:
  return repr(_CREDENTIALS.sub("***", line))
