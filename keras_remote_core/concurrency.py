"""Threads that do not hold up who gives up on them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor


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
