"""A job's output, gathered into numbered chunks in the store.

A chunk is JSON Lines: ``[seconds since the epoch, text]``. A slow store slows
the function's printing down rather than filling memory. Past ``LIMIT`` bytes
only the last lines are kept, under a line that says so.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator

from keras_remote_runner import lines

LIMIT = 1 << 30
TAIL = 40
_KEPT_PAST_LIMIT = 1000
_PENDING_LINES = 50_000
_CHUNK_BYTES = 1 << 20
_LINGER = 0.02
_PROGRESS_INTERVAL = 2.0

Line = tuple[float, str]


def encode(batch: list[Line]) -> bytes:
  return "".join(json.dumps(line) + "\n" for line in batch).encode()


class Chunks:
  """Numbers chunks and keeps to the limit; ``write(number, data)`` stores.

  What cannot be stored now is stored with what comes next, so that no number
  is left out; only the last lines of a long failure are kept.
  """

  def __init__(
    self, write: Callable[[int, bytes], None], limit: int = LIMIT
  ) -> None:
    self._write = write
    self._left = limit
    self._number = 0
    self._unsent: collections.deque[Line] = collections.deque(
      maxlen=_PENDING_LINES
    )
    self._last: collections.deque[Line] = collections.deque(
      maxlen=_KEPT_PAST_LIMIT
    )

  def add(self, batch: list[Line]) -> None:
    if self._left > 0:
      self._unsent.extend(batch)
      self._send()
    else:
      self._last.extend(batch)

  def close(self) -> None:
    if self._last:
      note = "keras-remote: output limit reached; these are the last lines"
      self._unsent.extend([(time.time(), note), *self._last])
    if self._unsent:
      self._send()

  def _send(self) -> None:
    data = encode(list(self._unsent))
    try:
      self._write(self._number, data)
    except Exception as error:
      # Output must not end the job.
      sys.stderr.write(
        f"keras-remote: log lines wait for the store: {error!r}\n"
      )
      return
    self._unsent.clear()
    self._left -= len(data)
    self._number += 1


class Pump:
  """Moves lines from a pipe to chunks, on a reading and a writing thread."""

  def __init__(self, chunks: Chunks, interval: float) -> None:
    self._chunks = chunks
    self._interval = interval
    self._queue: queue.Queue[Line | None] = queue.Queue(_PENDING_LINES)
    self._tail: collections.deque[str] = collections.deque(maxlen=TAIL)
    self._readers: list[threading.Thread] = []
    self._writer = _start(self._write)

  def attach(self, pipe: int) -> None:
    """Reads a file descriptor to its end, and closes it."""
    self._readers.append(_start(self._read, pipe))

  def say(self, text: str) -> None:
    """Adds a line of the runner's own."""
    self._add(f"keras-remote: {text}")

  def tail(self) -> tuple[str, ...]:
    return tuple(self._tail)

  def drain(self, patience: float = 5.0) -> None:
    """Waits for the ends of the pipes.

    A process that left the job's group may hold one open for ever, so each
    gets at most ``patience`` seconds.
    """
    for reader in self._readers:
      reader.join(patience)
    self._readers.clear()

  def finish(self) -> None:
    """Waits until every line is stored."""
    self.drain()
    self._queue.put(None)
    self._writer.join()
    self._chunks.close()

  def _read(self, pipe: int) -> None:
    rest, shown = b"", 0.0
    with os.fdopen(pipe, "rb", buffering=0) as stream:
      while data := stream.read(lines.LONGEST):
        texts, rest = lines.split(rest + data)
        if b"\r" in rest and time.monotonic() > shown + _PROGRESS_INTERVAL:
          bar, _, rest = rest.rpartition(b"\r")
          texts.append(lines.visible(bar))
          shown = time.monotonic()
        for text in texts:
          self._add(text)
    if rest:
      self._add(lines.visible(rest))

  def _add(self, text: str) -> None:
    self._tail.append(text)
    _echo(text)
    self._queue.put((time.time(), text))

  def _write(self) -> None:
    for batch in self._batches():
      _echo("", flush=True)
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


def _echo(text: str, flush: bool = False) -> None:
  # The store has the lines: a closed or full stdout must not lose them.
  with contextlib.suppress(OSError, ValueError):
    if flush:
      sys.stdout.flush()
    else:
      sys.stdout.write(text + "\n")


def _start(target: Callable[..., None], *args: int) -> threading.Thread:
  thread = threading.Thread(target=target, args=args, daemon=True)
  thread.start()
  return thread
