"""Bodies of several parts: ``multipart/related`` and ``multipart/mixed``."""

from __future__ import annotations

import email.message
import email.parser
from collections.abc import Iterable

from attrs import field, frozen


@frozen(kw_only=True)
class Part:
  """One part; its headers by lower-case name."""

  headers: dict[str, str]
  body: bytes = field(repr=False)


def split(content_type: str, body: bytes) -> list[Part]:
  """The parts of a body.

  Raises:
    ValueError: it is not made as its content type says.
  """
  head = email.message.Message()
  head["Content-Type"] = content_type
  boundary = head.get_boundary()
  if boundary is None:
    raise ValueError(f"no boundary in {content_type!r}")
  # The first boundary may be preceded by nothing.
  pieces = b"\n".join((b"", body)).split(b"\n--" + boundary.encode())
  if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
    raise ValueError("the last part has no end")
  return [_part(piece) for piece in pieces[1:-1]]


def message(text: bytes) -> Part:
  """Headers, an empty line, and a body, of which each may be missing."""
  ending = b"\r\n" if text.partition(b"\n")[0].endswith(b"\r") else b"\n"
  if text.startswith(ending):
    return Part(headers={}, body=text.removeprefix(ending))
  head, _, body = text.partition(ending * 2)
  parsed = email.parser.BytesHeaderParser().parsebytes(head)
  named = {name.lower(): str(value) for name, value in parsed.items()}
  return Part(headers=named, body=body)


def join(boundary: str, parts: Iterable[Part]) -> bytes:
  """The body that ``split`` takes apart."""
  mark = f"--{boundary}".encode()
  lines = [mark + b"\r\n" + _text(part) + b"\r\n" for part in parts]
  return b"".join([*lines, mark, b"--\r\n"])


def _text(part: Part) -> bytes:
  head = "".join(f"{name}: {text}\r\n" for name, text in part.headers.items())
  return head.encode() + b"\r\n" + part.body


def _part(piece: bytes) -> Part:
  # What follows the boundary in its line is padding; a line's end before the
  # next boundary belongs to that boundary.
  return message(piece.partition(b"\n")[2].removesuffix(b"\r"))
