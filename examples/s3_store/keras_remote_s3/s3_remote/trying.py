"""What is tried again, and after how long."""

from __future__ import annotations

import contextlib
import errno
import http.client
import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

_ATTEMPTS = 10
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 30.0


class Transient(OSError):
  """What may go well when it is tried again."""

  def __init__(self, told: str) -> None:
    super().__init__(errno.EAGAIN, told)


def insist(
  attempt: Callable[[], T], progress: Callable[[], int] = lambda: 0
) -> T:
  """What an attempt returns, after as many as it takes within reason.

  Args:
    progress: a number; when it has grown, the attempts count anew.
  """
  number, best = 0, progress()
  while True:
    try:
      return attempt()
    except Transient:
      now = progress()
      number, best = (1, now) if now > best else (number + 1, best)
      if number == _ATTEMPTS:
        raise
      longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (number - 1))
      time.sleep(random.uniform(0, longest))


@contextlib.contextmanager
def network() -> Iterator[None]:
  """Has whatever goes wrong with a connection be Transient."""
  try:
    yield
  except (OSError, http.client.HTTPException) as error:
    raise Transient(f"{type(error).__name__}: {error}") from error
