"""Faults that a server commits on purpose, each a given number of times."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Fault:
  """What goes wrong, and with which requests.

  Args:
    method: a regular expression for all of the request's method.
    path: one for all of its path, still percent-encoded, without the query.
    query: parameters that the request must have, with their values.
    times: how many requests it happens to.
    status: answered in place of what the request would have got. None: the
      request is carried out and gets its own answer.
    after: True: the request is carried out before ``status`` is answered.
    delay: seconds before anything is sent.
    cut: how many bytes of the answer's body are sent before the connection is
      closed; a negative number: not even a status line is.
    cut_upload: how many bytes of the request's body are read before the
      connection is closed. With ``after``, what came is carried out as far as
      it goes, as by an upload that can be resumed.
  """

  method: str = ".*"
  path: str = ".*"
  query: Mapping[str, str] = field(factory=dict)
  times: int = 1
  status: int | None = None
  headers: Mapping[str, str] = field(factory=dict)
  body: bytes = b""
  after: bool = False
  delay: float = 0.0
  cut: int | None = None
  cut_upload: int | None = None

  def matches(self, method: str, path: str, query: Mapping[str, str]) -> bool:
    """Whether a request is one of those it is meant for."""
    return (
      re.fullmatch(self.method, method) is not None
      and re.fullmatch(self.path, path) is not None
      and self.query.items() <= query.items()
    )


class Faults:
  """The faults still to happen, in the order they were injected."""

  def __init__(self) -> None:
    self._left: list[tuple[Fault, int]] = []
    self._lock = threading.Lock()

  def inject(self, *faults: Fault) -> None:
    with self._lock:
      self._left += [(fault, fault.times) for fault in faults]

  def clear(self) -> None:
    with self._lock:
      self._left.clear()

  @property
  def active(self) -> list[Fault]:
    """Those that have not happened as often as they should."""
    with self._lock:
      return [fault for fault, _ in self._left]

  def take(
    self, method: str, path: str, query: Mapping[str, str]
  ) -> Fault | None:
    """The first fault meant for a request; it has then happened once more."""
    with self._lock:
      for index, (fault, left) in enumerate(self._left):
        if fault.matches(method, path, query):
          self._left[index : index + 1] = (
            [(fault, left - 1)] if left > 1 else []
          )
          return fault
    return None
