"""One part of a call, with the way to it."""

from __future__ import annotations

import functools
from typing import Any

from attrs import evolve, field, frozen


@frozen
class Part:
  """A value with the way to it.

  Args:
    expression: as Python would write it, such as ``config['lock']``.
    template: how people name its place; ``{}`` stands for the expression.
  """

  expression: str
  value: Any = field(repr=False)
  template: str = "{}"

  @property
  def place(self) -> str:
    return self.template.replace("{}", self.expression)

  def within(self, expression: str, value: Any) -> Part:
    """A part of this one."""
    return evolve(self, expression=expression, value=value)


def name_of(function: Any) -> str:
  """What people call a function."""
  if isinstance(function, functools.partial):
    return name_of(function.func)
  name = getattr(function, "__qualname__", type(function).__qualname__)
  return str(name).rpartition("<locals>.")[2]
