"""Faults of gRPC calls, each a given number of times."""

from __future__ import annotations

import threading
from typing import Any, NoReturn

from attrs import frozen


@frozen(kw_only=True)
class Fault:
  """What goes wrong with calls of a method.

  Args:
    method: such as ``"GetTag"``.
    code: the name of a gRPC status, such as ``"UNAVAILABLE"``.
    after: True: the call is carried out, and its answer lost.
  """

  method: str
  code: str
  message: str = "emulated"
  times: int = 1
  after: bool = False


class Faults:
  """Those still to happen, in the order they were injected."""

  def __init__(self) -> None:
    self._left: list[Fault] = []
    self._lock = threading.Lock()

  def inject(self, *faults: Fault) -> None:
    with self._lock:
      self._left += [each for each in faults for _ in range(each.times)]

  def take(self, method: str) -> Fault | None:
    with self._lock:
      found = next((f for f in self._left if f.method == method), None)
      if found is not None:
        self._left.remove(found)
      return found


def abort(context: Any, code: str, message: str) -> NoReturn:
  """Ends a call with an error."""
  import grpc  # type: ignore[import-untyped]

  context.abort(grpc.StatusCode[code], message)
  raise AssertionError("aborting raises")
