"""Work that goes on while somebody may press Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def finish(work: Callable[[], T], interrupted: Callable[[], None]) -> T:
  """What the work returns or raises; it ends before this does.

  Args:
    interrupted: called for each Ctrl-C, to have the work end early.
  """
  with ThreadPoolExecutor(1) as pool:
    going = pool.submit(work)
    while True:
      try:
        return going.result()
      except KeyboardInterrupt:
        interrupted()
