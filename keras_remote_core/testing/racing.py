"""Many at once: what races and torn reads are made of."""

from __future__ import annotations

import concurrent.futures
import itertools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_READS = 30


def race(run: Callable[[int], T], runners: int) -> list[T]:
  """What ``run(0)``, ``run(1)``, … return when all start at one moment."""
  start = threading.Barrier(runners)

  def begin(number: int) -> T:
    start.wait()
    return run(number)

  with concurrent.futures.ThreadPoolExecutor(runners) as pool:
    return list(pool.map(begin, range(runners)))


def wins(store: Any, key: str, number: int) -> bool:
  """Whether this writer is the one that made the object."""
  try:
    store.write(key, b"%d" % number, only_if_absent=True)
  except FileExistsError:
    return False
  return True


def torn_reads(
  write: Callable[[bytes], None], read: Callable[[], bytes]
) -> set[object]:
  """What reads saw while ``a`` and ``b`` took turns: sizes, and mixtures."""
  done = threading.Event()

  def overwrite() -> None:
    for letter in itertools.cycle((b"b", b"a")):
      write(letter)
      if done.is_set():
        return

  writer = threading.Thread(target=overwrite)
  writer.start()
  try:
    return {_seen(read()) for _ in range(_READS)}
  finally:
    done.set()
    writer.join()


def _seen(data: bytes) -> object:
  letters = set(data[:: max(1, len(data) // 4096)]) | set(data[-1:])
  return len(data) if len(letters) == 1 else f"a mixture of {letters}"
