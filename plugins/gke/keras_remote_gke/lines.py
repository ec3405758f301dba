"""Whole lines out of a byte stream that may be cut anywhere; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def whole(chunks: Iterable[bytes]) -> Iterator[bytes]:
  """Each line that came to its end; what follows the last one is dropped."""
  rest = b""
  for chunk in chunks:
    *complete, rest = (rest + chunk).split(b"\n")
    yield from complete
