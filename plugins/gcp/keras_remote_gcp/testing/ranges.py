"""Byte ranges, in both of their spellings."""

from __future__ import annotations

import re

from attrs import frozen

_ASKED = re.compile(r"bytes=(\d*)-(\d*)")
_SENT = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(?:(\d+)|\*)")


class Unsatisfiable(ValueError):
  """A range that begins after the end."""


def asked(text: str | None, size: int) -> range | None:
  """The bytes that a ``Range`` header asks for; None: all of them.

  As HTTP has it, one that cannot be read is as good as none.

  Raises:
    Unsatisfiable: there are no such bytes.
  """
  match = _ASKED.fullmatch(text or "")
  if match is None or match[0] == "bytes=-":
    return None
  first, last = match.groups()
  if not first:
    start, stop = max(0, size - int(last)), size
  else:
    start, stop = int(first), min(size, int(last) + 1 if last else size)
    if last and int(last) < start:
      return None
  if start >= stop:
    raise Unsatisfiable(text)
  return range(start, stop)


@frozen(kw_only=True)
class Sent:
  """What a ``Content-Range`` header says of a request's body.

  Args:
    start: where it belongs; None: the request asks how far the upload is.
    total: the size of the whole; None: not known yet.
  """

  start: int | None
  total: int | None


def sent(text: str) -> Sent:
  """Reads a ``Content-Range`` header.

  Raises:
    ValueError: it is not one.
  """
  match = _SENT.fullmatch(text)
  if match is None:
    raise ValueError(f"not a Content-Range: {text!r}")
  start, _, total = match.groups()
  return Sent(
    start=None if start is None else int(start),
    total=None if total is None else int(total),
  )
