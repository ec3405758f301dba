"""What a pickle refers to, found without importing any of it.

The C unpickler reads the opcodes; whatever it would import is handed a stand-in
instead, which notes the name and takes part in building whatever it may.
"""

from __future__ import annotations

import itertools
import pickle
from typing import Any, BinaryIO

from attrs import frozen

# How cloudpickle (3.x) rebuilds what travels by value.
_CLOUDPICKLE = frozenset({"cloudpickle", "cloudpickle.cloudpickle"})
_BY_VALUE = frozenset(
  {
    "_make_function",
    "_make_skeleton_class",
    "_make_skeleton_enum",
    "dynamic_subimport",
  }
)


@frozen
class References:
  """What a pickle needs when it is loaded.

  Args:
    modules: full names of the modules it imports.
    by_value: whether it holds code.
  """

  modules: frozenset[str] = frozenset()
  by_value: bool = False

  def __or__(self, other: References) -> References:
    return References(
      self.modules | other.modules, self.by_value or other.by_value
    )


def references(pickled: BinaryIO) -> References:
  """What a pickle stream refers to; nothing is imported or run.

  Raises:
    pickle.UnpicklingError: the stream is damaged.
  """
  reader = _Reader(pickled)
  reader.load()
  return References(frozenset(reader.modules), reader.by_value)


class _Pliable(type):
  """Makes classes that take whatever an unpickler does to what it builds.

  A class stands in for instances as well, because an instance of a class that
  travels by value is made from what another reduction returned.
  """

  def __call__(cls, *args: object, **kwargs: object) -> Any:
    del args, kwargs
    return cls

  def __setitem__(cls, key: object, value: object) -> None:
    """An item of a dict."""

  def __setstate__(cls, state: object) -> None:
    """The attributes of an instance."""

  def extend(cls, items: object) -> None:
    """Items of a list or a set."""

  append = add = extend


class _StandIn(metaclass=_Pliable):
  def __new__(cls, *args: object, **kwargs: object) -> Any:
    del args, kwargs
    return cls


class _Reader(pickle.Unpickler):
  def __init__(self, pickled: BinaryIO) -> None:
    super().__init__(pickled, buffers=itertools.repeat(b""))
    self.modules: set[str] = set()
    self.by_value = False

  def find_class(self, module: str, name: str, /) -> Any:
    self.modules.add(module)
    if module in _CLOUDPICKLE:
      if name == "subimport":
        return self._subimport
      self.by_value |= name in _BY_VALUE
    return _StandIn

  def _subimport(self, name: str) -> Any:
    """What cloudpickle writes for a module."""
    self.modules.add(name)
    return _StandIn
