"""What a value holds directly, as pickling sees it."""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from typing import Any

from keras_remote_core.builtin.packaging.function_parts import (
  parts_of_function,
  parts_of_method,
  parts_of_partial,
)
from keras_remote_core.builtin.packaging.part import Part

_CLASS_MACHINERY = ("__dict__", "__weakref__")


def parts_of(part: Part) -> Iterator[Part]:
  """The parts of a value; nothing runs but what pickling itself runs."""
  value = part.value
  if isinstance(value, types.FunctionType):
    yield from parts_of_function(value)
  elif isinstance(value, types.MethodType):
    yield from parts_of_method(value)
  elif isinstance(value, functools.partial):
    yield from parts_of_partial(value)
  elif isinstance(value, type):
    yield from _of_class(part)
  else:
    yield from _of_container(part)
    yield from _of_object(part)


def _of_class(part: Part) -> Iterator[Part]:
  for name, member in part.value.__dict__.items():
    if name not in _CLASS_MACHINERY:
      inner = getattr(member, "__func__", getattr(member, "fget", member))
      yield part.within(f"{part.expression}.{name}", inner)


def _of_container(part: Part) -> Iterator[Part]:
  # By the built-ins' own methods: a subclass's might do anything.
  value, at = part.value, part.expression
  if isinstance(value, dict):
    for key, each in dict.items(value):
      yield part.within(f"{at}[{_short(key)}]", each)
      yield part.within(f"a key of {at}", key)
  elif isinstance(value, list):
    yield from _indexed(part, list.__iter__(value))
  elif isinstance(value, tuple):
    yield from _indexed(part, tuple.__iter__(value))
  elif isinstance(value, set):
    yield from (part.within(f"an item of {at}", i) for i in set.__iter__(value))
  elif isinstance(value, frozenset):
    items = frozenset.__iter__(value)
    yield from (part.within(f"an item of {at}", each) for each in items)


def _indexed(part: Part, values: Iterator[Any]) -> Iterator[Part]:
  for index, each in enumerate(values):
    yield part.within(f"{part.expression}[{index}]", each)


def _of_object(part: Part) -> Iterator[Part]:
  """What the object's own reduction (see ``object.__reduce__``) consists of."""
  try:
    reduced = part.value.__reduce_ex__(4)
  except Exception:  # that is why it does not pickle: it has no parts
    return
  if not isinstance(reduced, tuple):
    return
  for each in reduced[1]:
    yield _argument(part, each)
  if len(reduced) > 2:
    yield from _of_state(part, reduced[2])


def _argument(part: Part, value: Any) -> Part:
  if isinstance(value, type):
    return Part(value.__qualname__, value, "class {}")
  return part.within(f"{part.expression}.__reduce__()[1]", value)


def _of_state(part: Part, state: Any) -> Iterator[Part]:
  # Without slots a dict, with them a pair of dicts, and what __getstate__
  # makes up.
  halves = state if isinstance(state, tuple) and len(state) == 2 else (state,)
  for half in halves:
    if isinstance(half, dict):
      for name, value in dict.items(half):
        yield part.within(f"{part.expression}.{name}", value)
    elif half is not None:
      yield part.within(f"{part.expression}.__getstate__()", half)


def _short(key: object) -> str:
  # Only what has a harmless repr.
  return repr(key) if isinstance(key, str | int | bytes) else type(key).__name__
