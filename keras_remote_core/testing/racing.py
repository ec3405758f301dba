"""Many at once: what races and torn reads are made of."""

from __future__ import annotations

import concurrent.futures
import itertools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_READS, _WRITES = 30, 8


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
  writes, reads = threading.Semaphore(0), threading.Event()

  def overwrite() -> None:
    for letter in itertools.cycle((b"b", b"a")):
      write(letter)
      writes.release()
      if reads.is_set():
        return

  with concurrent.futures.ThreadPoolExecutor(1) as pool:
    writer = pool.submit(overwrite)
    try:
      seen = _reads_during(writer, writes, read)
    finally:
      reads.set()
    writer.result()
  return seen


def _reads_during(
  writer: concurrent.futures.Future[None],
  writes: threading.Semaphore,
  read: Callable[[], bytes],
) -> set[object]:
  """What was seen while there were enough reads and enough writes."""
  seen: set[object] = set()
  done = reads = 0
  while not writer.done() and (reads < _READS or done < _WRITES):
    seen.add(_seen(read()))
    reads += 1
    done += writes.acquire(blocking=False)
  return seen


def _seen(data: bytes) -> object:
  letters = set(data[:: max(1, len(data) // 4096)]) | set(data[-1:])
  return len(data) if len(letters) == 1 else f"a mixture of {letters}"
