"""Bytes from a pipe, as lines."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 64 << 10


def split(buffered: bytes) -> tuple[list[str], bytes]:
  """Whole lines and the rest; longer lines are cut at 64 KiB."""
  *whole, rest = buffered.split(b"\n")
  texts = [visible(piece) for line in whole for piece in _cut(line)]
  while len(rest) > LONGEST:
    texts.append(visible(rest[:LONGEST]))
    rest = rest[LONGEST:]
  return texts, rest


def visible(line: bytes) -> str:
  """What a terminal would show of a line that rewrites itself.

  Progress bars return the carriage and write again: the last state counts.
  """
  shown = line.rstrip(b"\r").rpartition(b"\r")[2]
  return shown.decode("utf-8", "replace")


def _cut(line: bytes) -> Iterator[bytes]:
  for start in range(0, max(len(line), 1), LONGEST):
    yield line[start : start + LONGEST]
