"""Threads that do not hold up who gives up on them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

_MOST = 16


def each(function: Callable[[A], B], items: Sequence[A]) -> list[B]:
  """What a function makes of each item; of several, side by side."""
  if len(items) < 2:
    return [function(item) for item in items]
  with pool(min(len(items), _MOST)) as made:
    return list(made.map(function, items))


@contextlib.contextmanager
def pool(threads: int) -> Iterator[ThreadPoolExecutor]:
  """A pool whose block waits for its work, unless an exception ends it.

  Ctrl-C in the middle of a long upload must not wait for the upload.
  """
  made = ThreadPoolExecutor(threads)
  try:
    yield made
  except BaseException:
    made.shutdown(wait=False, cancel_futures=True)
    raise
  made.shutdown()
