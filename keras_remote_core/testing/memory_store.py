"""An artifact store in this process's memory, for tests without a world."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Entry

_NO_PARTS = frozenset(("", ".", ".."))


class MemoryStore:
  """Objects in a dict; no job can reach them."""

  def __init__(self) -> None:
    self._objects: dict[str, tuple[bytes, float]] = {}
    self._lock = threading.Lock()

  def put(self, source: Path, key: str) -> None:
    self.write(key, source.read_bytes())

  def get(self, key: str, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.part")
    temporary.write_bytes(self.read(key))
    os.replace(temporary, target)

  def read(self, key: str) -> bytes:
    try:
      return self._objects[_checked(key)][0]
    except KeyError:
      raise FileNotFoundError(key) from None

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    with self._lock:
      if only_if_absent and _checked(key) in self._objects:
        raise FileExistsError(key)
      self._objects[_checked(key)] = (bytes(data), time.time())

  def touch(self, key: str) -> bool:
    with self._lock:
      if _checked(key) not in self._objects:
        return False
      self._objects[key] = (self._objects[key][0], time.time())
      return True

  def exists(self, key: str) -> bool:
    return _checked(key) in self._objects

  def list(self, prefix: str) -> Iterator[Entry]:
    with self._lock:
      found = sorted(self._objects.items())
    for key, (data, modified) in found:
      if key.startswith(prefix):
        yield Entry(key, len(data), modified)

  def delete(self, prefix: str) -> None:
    place = _checked(prefix.rstrip("/"))
    with self._lock:
      for key in list(self._objects):
        if key == place or key.startswith(f"{place}/"):
          del self._objects[key]

  def url(self, key: str) -> str:
    return f"memory://store/{_checked(key)}"


def _checked(key: str) -> str:
  parts = key.split("/")
  printable = key.isprintable() and "\\" not in key
  if not printable or not _NO_PARTS.isdisjoint(parts):
    raise StoreError(f"not a key: {key!r}")
  return key
