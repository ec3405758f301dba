"""What a runner asks of the store's remote side, which is packed beside it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol

MODULE = "keras_remote_store"


class Store(Protocol):
  """The verbs a runner uses; a missing key raises FileNotFoundError."""

  def put(self, source: Path, key: str) -> None: ...

  def get(self, key: str, target: Path) -> None: ...

  def read(self, key: str) -> bytes: ...

  def write(
    self, key: str, data: bytes, only_if_absent: bool = False
  ) -> None: ...


def connect(url: str) -> Store:
  """Opens the store that the job's ``runner.pyz`` was packed with."""
  store: Store = importlib.import_module(MODULE).connect(url)
  return store
