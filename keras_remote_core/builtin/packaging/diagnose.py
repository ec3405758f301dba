"""Which part of a call does not pickle, and what to do about it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field

from keras_remote_core.builtin.packaging.advice import advice_for
from keras_remote_core.builtin.packaging.function_parts import parts_of_call
from keras_remote_core.builtin.packaging.part import Part
from keras_remote_core.builtin.packaging.parts import parts_of
from keras_remote_core.errors import NotPicklable
from keras_remote_core.model import Call

_ATTEMPTS = 400
_DEPTH = 30
_PARTS = 1_000_000

Attempt = Callable[[Any], Exception | None]


def not_picklable(
  call: Call, error: Exception, attempt: Attempt
) -> NotPicklable:
  """The error that names the innermost part which alone does not pickle.

  Args:
    attempt: pickles a value and returns what that raised, or None. It is
      called a bounded number of times.
  """
  search = _Search(attempt)
  culprit = search.first(list(parts_of_call(call)))
  if culprit is None:
    return NotPicklable(
      f"the call does not pickle as a whole: {_text(error)}",
      remedy="pass plain values and build the rest inside the function",
    )
  culprit = search.innermost(culprit)
  kind = type(culprit.value)
  reason = attempt(culprit.value) or error
  return NotPicklable(
    f"{culprit.place} does not pickle: it is a"
    f" {kind.__module__}.{kind.__qualname__} ({_text(reason)})",
    remedy=advice_for(culprit.value),
  )


@define
class _Search:
  """Looks for parts that fail, within a budget of attempts."""

  attempt: Attempt
  left: int = _ATTEMPTS
  way: list[Part] = field(factory=list)

  def innermost(self, part: Part) -> Part:
    for _ in range(_DEPTH):
      self.way.append(part)
      inner = self.first(self._unseen(part))
      if inner is None:
        break
      part = inner
    return part

  def first(self, parts: Sequence[Part]) -> Part | None:
    """One of the parts that fails by itself; halves, so that many are cheap."""
    if not parts or not self._fails([each.value for each in parts]):
      return None
    while len(parts) > 1:
      half = parts[: len(parts) // 2]
      if self._fails([each.value for each in half]):
        parts = half
      else:
        parts = parts[len(parts) // 2 :]
    return parts[0] if self._fails(parts[0].value) else None

  def _unseen(self, part: Part) -> list[Part]:
    passed = {id(each.value) for each in self.way}
    parts = itertools.islice(parts_of(part), _PARTS)
    return [inner for inner in parts if id(inner.value) not in passed]

  def _fails(self, value: Any) -> bool:
    self.left -= 1
    return self.left >= 0 and self.attempt(value) is not None


def _text(error: Exception) -> str:
  lines = str(error).splitlines()
  return (
    f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
  )
