"""What is tried again, and after how long."""

from __future__ import annotations

import contextlib
import email.utils
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
  """What may go well when it is tried again, after ``wait`` seconds."""

  def __init__(self, told: str, wait: float = 0.0) -> None:
    super().__init__(errno.EAGAIN, told)
    self.wait = wait


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
    except Transient as error:
      number, best = _next(number, best, progress())
      if number == _ATTEMPTS:
        raise
      time.sleep(max(error.wait, _jitter(number)))


@contextlib.contextmanager
def network() -> Iterator[None]:
  """Has whatever goes wrong with a connection be Transient."""
  try:
    yield
  except (OSError, http.client.HTTPException) as error:
    raise Transient(f"{type(error).__name__}: {error}") from error


def retry_after(text: str | None) -> float:
  """The seconds that a ``Retry-After`` header asks for, within reason."""
  if text is None:
    return 0.0
  if text.strip().isdecimal():
    return min(float(text), _LONGEST_WAIT)
  try:
    wanted = email.utils.parsedate_to_datetime(text).timestamp() - time.time()
  except ValueError:
    return 0.0
  return max(0.0, min(wanted, _LONGEST_WAIT))


def _next(number: int, best: int, now: int) -> tuple[int, int]:
  return (1, now) if now > best else (number + 1, best)


def _jitter(number: int) -> float:
  longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (number - 1))
  return random.uniform(0, longest)
