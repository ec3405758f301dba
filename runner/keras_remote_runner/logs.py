"""A job's output, gathered into numbered chunks in the store.

A chunk is JSON Lines: ``[seconds since the epoch, text]``. A slow store slows
the function's printing down rather than filling memory. Past ``LIMIT`` bytes
only the last lines are kept, under a line that says so.
"""

from __future__ import annotations

import collections
import contextlib
import json
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator

from keras_remote_runner.reading import Reader

LIMIT = 1 << 30
TAIL = 40
_KEPT_PAST_LIMIT = 1000
_UNSTORED = 1000
_PENDING_LINES = 50_000
_CHUNK_BYTES = 1 << 20
_LINGER = 0.02

Line = tuple[float, str]


def encode(batch: list[Line]) -> bytes:
  return "".join(json.dumps(line) + "\n" for line in batch).encode()


class Chunks:
  """Numbers chunks and keeps to the limit; ``write(number, data)`` stores."""

  def __init__(
    self, write: Callable[[int, bytes], None], limit: int = LIMIT
  ) -> None:
    self._write = write
    self._left = limit
    self._number = 0
    self._unstored: list[Line] = []
    self._last: collections.deque[Line] = collections.deque(
      maxlen=_KEPT_PAST_LIMIT
    )
    self.failure: Exception | None = None

  def add(self, batch: list[Line]) -> None:
    if self._left > 0:
      self._store(batch)
    else:
      self._last.extend(batch)

  def close(self) -> None:
    if self._last:
      note = "keras-remote: output limit reached; these are the last lines"
      self._store([(time.time(), note), *self._last])
    elif self._unstored:
      self._store([])
    if self.failure:
      sys.stderr.write(f"keras-remote: log lines were lost: {self.failure!r}\n")

  def _store(self, batch: list[Line]) -> None:
    batch = [*self._unstored, *batch]
    data = encode(batch)
    try:
      self._write(self._number, data)
    except Exception as error:
      # Output must not end the job: these lines go with the next ones.
      self.failure, self._unstored = error, _bounded(batch)
      return
    self.failure, self._unstored = None, []
    self._left -= len(data)
    self._number += 1


def _bounded(batch: list[Line]) -> list[Line]:
  """The last lines, under one that says that there were more."""
  if len(batch) <= _UNSTORED:
    return batch
  kept = batch[-_UNSTORED:]
  return [(kept[0][0], "keras-remote: lines before this were lost"), *kept]


class Pump:
  """Moves lines from pipes to chunks, which a thread of its own writes."""

  def __init__(self, chunks: Chunks, interval: float) -> None:
    self._chunks = chunks
    self._interval = interval
    self._queue: queue.Queue[Line | None] = queue.Queue(_PENDING_LINES)
    self._tail: collections.deque[str] = collections.deque(maxlen=TAIL)
    self._readers: list[Reader] = []
    self._writer = threading.Thread(target=self._write, daemon=True)
    self._writer.start()

  def attach(self, pipe: int) -> None:
    """Reads a file descriptor to its end, and closes it."""
    self._readers.append(Reader(pipe, self._add, _flush))

  def say(self, text: str) -> None:
    """Adds a line of the runner's own."""
    self._add(f"keras-remote: {text}")
    _flush()

  def tail(self) -> tuple[str, ...]:
    return tuple(self._tail)

  def drain(self, patience: float = 5.0) -> None:
    """Waits for the ends of the pipes, or for their falling silent."""
    for reader in self._readers:
      reader.drain(patience)
    self._readers.clear()

  def finish(self) -> None:
    """Waits until every line is stored."""
    self.drain()
    _flush()
    self._queue.put(None)
    self._writer.join()
    self._chunks.close()

  def _add(self, text: str) -> None:
    self._tail.append(text)
    _echo(text)
    self._queue.put((time.time(), text))

  def _write(self) -> None:
    for batch in self._batches():
      self._chunks.add(batch)

  def _batches(self) -> Iterator[list[Line]]:
    """Lines in batches: the first at once, then one per interval at most."""
    due = 0.0
    while (first := self._queue.get()) is not None:
      due = max(due, time.monotonic() + _LINGER)
      batch, ended = self._gather(first, due)
      yield batch
      if ended:
        return
      due = time.monotonic() + self._interval

  def _gather(self, first: Line, due: float) -> tuple[list[Line], bool]:
    batch, size = [first], len(first[1])
    while size < _CHUNK_BYTES:
      try:
        line = self._queue.get(timeout=max(0.0, due - time.monotonic()))
      except queue.Empty:
        return batch, False
      if line is None:
        return batch, True
      batch.append(line)
      size += len(line[1])
    return batch, False


def _echo(text: str) -> None:
  # The store has the lines: a closed or full stdout must not lose them.
  with contextlib.suppress(OSError, ValueError):
    sys.stdout.write(text + "\n")


def _flush() -> None:
  """Shows now what was echoed: whoever follows the container waits for it."""
  with contextlib.suppress(OSError, ValueError):
    sys.stdout.flush()
