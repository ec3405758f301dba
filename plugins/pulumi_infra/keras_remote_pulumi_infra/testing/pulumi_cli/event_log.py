"""The engine's events, to whoever listens: a file, or a port."""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol


class Log(Protocol):
  """Takes one event."""

  def __call__(self, **event: Any) -> None: ...


@contextlib.contextmanager
def opened(target: str | None) -> Iterator[Log]:
  """A log that is complete, and read, when the block ends."""
  numbers = itertools.count()

  def encoded(event: dict[str, Any]) -> str:
    head = {"sequence": next(numbers), "timestamp": int(time.time())}
    return json.dumps({**head, **event})

  with _sink(target) as sink:
    yield lambda **event: sink.put(encoded(event))
    sink.put(encoded({"cancelEvent": {}}))


class _File:
  """Appends lines to a file."""

  def __init__(self, path: Path) -> None:
    self._path, self._lock = path, threading.Lock()

  def put(self, line: str) -> None:
    with self._lock, self._path.open("a") as out:
      out.write(f"{line}\n")


class _Nowhere:
  """Forgets."""

  def put(self, line: str) -> None:
    del line


@contextlib.contextmanager
def _sink(target: str | None) -> Iterator[Any]:
  if target is None:
    yield _Nowhere()
  elif target.startswith("tcp://"):
    with _streamed(target.removeprefix("tcp://")) as lines:
      yield lines
  else:
    yield _File(Path(target))


@contextlib.contextmanager
def _streamed(address: str) -> Iterator[queue.SimpleQueue[str | None]]:
  """A queue whose lines go to a gRPC server as they come."""
  import grpc  # type: ignore[import-untyped]
  from pulumi.runtime.proto import events_pb2, events_pb2_grpc

  lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
  requests = (
    events_pb2.EventRequest(event=line) for line in iter(lines.get, None)
  )
  with grpc.insecure_channel(address) as channel:
    stub = events_pb2_grpc.EventsStub(channel)
    sent = stub.StreamEvents.future(requests)
    yield lines
    lines.put(None)
    sent.result()
