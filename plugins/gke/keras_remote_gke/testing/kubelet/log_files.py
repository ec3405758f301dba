"""What containers print, in files as container runtimes keep them."""

from __future__ import annotations

import os
import selectors
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from attrs import frozen

_LONGEST = 16 * 1024


@frozen
class Entry:
  """One line that a container printed, or a part of one.

  Args:
    time: RFC 3339, with nanoseconds.
    partial: whether the line goes on, or ended without its end.
  """

  time: str
  partial: bool
  data: bytes

  @property
  def text(self) -> bytes:
    return self.data if self.partial else self.data + b"\n"


class LogFile:
  """The log of one run of a container.

  A line is written when it is complete, when it is longer than 16 KiB, or
  when the container ends: so do container runtimes.
  """

  def __init__(self, path: Path) -> None:
    self._path = path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    self._written = threading.Condition()
    self._closed = False

  def copy(self, streams: Mapping[str, int]) -> None:
    """Takes in what a process prints until it has closed its output."""
    pending = dict.fromkeys(streams, b"")
    with (
      selectors.DefaultSelector() as selector,
      open(self._path, "ab", buffering=0) as file,
    ):
      for name, descriptor in streams.items():
        selector.register(descriptor, selectors.EVENT_READ, name)
      while selector.get_map():
        for key, _ in selector.select():
          data, name = os.read(key.fd, 65536), key.data
          if not data:
            selector.unregister(key.fd)
            os.close(key.fd)
          pending[name] = self._take(file, name, pending[name] + data, not data)
    with self._written:
      self._closed = True
      self._written.notify_all()

  def entries(self, follow: bool = False) -> Iterator[Entry | None]:
    """What is there; and, on request, what comes until the container ends.

    None now and then says that there is nothing new.
    """
    with open(self._path, "rb") as file:
      while True:
        with self._written:
          ended = self._closed
        if line := file.readline():
          yield _parsed(line)
        elif ended or not follow:
          return
        else:
          yield from self._silence(file.tell())

  def _silence(self, end: int) -> Iterator[None]:
    """Waits for more than there was."""
    with self._written:
      come = self._written.wait_for(
        lambda: self._closed or self._path.stat().st_size > end, 1.0
      )
    if not come:
      yield None

  def _take(self, file: IO[bytes], name: str, data: bytes, last: bool) -> bytes:
    """Writes the lines that are complete; returns what is left."""
    *lines, rest = data.split(b"\n")
    made = b"".join(_written(name, each, "F") for each in lines)
    while len(rest) > _LONGEST:
      made += _written(name, rest[:_LONGEST], "P")
      rest = rest[_LONGEST:]
    if last and rest:
      made, rest = made + _written(name, rest, "P"), b""
    if made:
      with self._written:
        file.write(made)
        self._written.notify_all()
    return rest


def _written(name: str, line: bytes, tag: str) -> bytes:
  parts = [
    line[at : at + _LONGEST] for at in range(0, max(len(line), 1), _LONGEST)
  ]
  tags = ["P"] * (len(parts) - 1) + [tag]
  head = f"{_now()} {name}"
  return b"".join(
    f"{head} {each} ".encode() + part + b"\n"
    for each, part in zip(tags, parts, strict=True)
  )


def _now() -> str:
  seconds, nanoseconds = divmod(time.time_ns(), 10**9)
  whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
  return f"{whole}.{nanoseconds:09d}Z"


def _parsed(line: bytes) -> Entry:
  moment, _, tag, text = line[:-1].split(b" ", 3)
  return Entry(moment.decode(), tag == b"P", text)
