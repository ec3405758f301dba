"""Bytes from a pipe, as lines."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 64 << 10


def split(buffered: bytes) -> tuple[list[str], bytes]:
  """Whole lines and the rest; longer lines are cut at 64 KiB."""
  *whole, rest = buffered.split(b"\n")
  pieces = [piece for line in whole for piece in _cut(line)]
  *more, rest = _cut(rest)
  return [visible(piece) for piece in (*pieces, *more)], rest


def visible(line: bytes) -> str:
  """What a terminal would show of a line that rewrites itself.

  Progress bars return the carriage and write again: the last state counts.
  """
  shown = line.rstrip(b"\r").rpartition(b"\r")[2]
  return shown.decode("utf-8", "replace")


def _cut(line: bytes) -> Iterator[bytes]:
  while len(line) > LONGEST:
    end = _end_of_character(line)
    yield line[:end]
    line = line[end:]
  yield line


def _end_of_character(line: bytes) -> int:
  """The last place up to the limit that parts no character of UTF-8."""
  for end in range(LONGEST, LONGEST - 4, -1):
    if line[end] & 0xC0 != 0x80:
      return end
  return LONGEST
