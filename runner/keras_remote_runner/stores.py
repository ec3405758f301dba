"""What a runner asks of the store's remote side, which is packed beside it."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

MODULE = "keras_remote_store"
_PAUSES = (0.5, 2.0, 8.0)


class Store(Protocol):
  """The verbs a runner uses; a missing key raises FileNotFoundError."""

  def put(self, source: Path, key: str) -> None: ...

  def get(self, key: str, target: Path) -> None: ...

  def read(self, key: str) -> bytes: ...

  def exists(self, key: str) -> bool: ...

  def write(
    self, key: str, data: bytes, only_if_absent: bool = False
  ) -> None: ...


def connect(url: str) -> Store:
  """Opens the store that the job's ``runner.pyz`` was packed with."""
  store: Store = importlib.import_module(MODULE).connect(url)
  return store


def insist(action: Callable[[], None]) -> None:
  """Does what must not be lost: a failure is tried again a few times.

  Raises:
    FileExistsError: at once; it is an answer.
    OSError: the last failure.
  """
  for pause in _PAUSES:
    try:
      return action()
    except FileExistsError:
      raise
    except OSError:
      time.sleep(pause)
  return action()
