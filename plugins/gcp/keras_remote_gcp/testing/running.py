"""What every emulator has in common: it runs while a ``with`` block does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Running(ABC):
  """Starts where a block begins, and stops where it ends."""

  @abstractmethod
  def start(self) -> None: ...

  @abstractmethod
  def stop(self) -> None: ...

  def __enter__(self) -> Self:
    self.start()
    return self

  def __exit__(
    self,
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
  ) -> None:
    self.stop()
