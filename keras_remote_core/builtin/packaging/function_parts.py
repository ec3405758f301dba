"""What a call and a function are made of, as pickling by value sees them."""

from __future__ import annotations

import dis
import functools
import inspect
import types
from collections.abc import Iterator
from typing import Any

from keras_remote_core.builtin.packaging.part import Part, name_of
from keras_remote_core.model import Call


def parts_of_call(call: Call) -> Iterator[Part]:
  """The function, then each argument by its parameter's name."""
  name = name_of(call.function)
  yield Part(name, call.function)
  for expression, value in arguments(call):
    yield Part(expression, value, f"{name}(..., {{}})")


def arguments(call: Call) -> Iterator[tuple[str, Any]]:
  """Each argument with the expression that names it inside the function."""
  try:
    signature = inspect.signature(call.function)
    bound = signature.bind(*call.args, **call.kwargs).arguments
  except (TypeError, ValueError):  # no signature, or the call does not fit
    yield from _numbered("args", call.args)
    yield from call.kwargs.items()
    return
  for name, value in bound.items():
    kind = signature.parameters[name].kind
    if kind is inspect.Parameter.VAR_KEYWORD:
      yield from value.items()
    elif kind is inspect.Parameter.VAR_POSITIONAL:
      yield from _numbered(name, value)
    else:
      yield name, value


def parts_of_function(function: types.FunctionType) -> Iterator[Part]:
  """Closure, globals, defaults and attributes of a plain function."""
  owner = name_of(function)
  for name, value in _closure(function):
    yield Part(name, value, f"closure variable '{{}}' of {owner}")
  for name in sorted(_globals_used(function.__code__)):
    if name in function.__globals__:
      value = function.__globals__[name]
      yield Part(name, value, f"global variable '{{}}' of {owner}")
  for name, value in _defaults(function):
    yield Part(name, value, f"default of parameter '{{}}' of {owner}")
  for name, value in vars(function).items():
    yield Part(f"{owner}.{name}", value)


def parts_of_method(method: types.MethodType) -> Iterator[Part]:
  yield Part("self", method.__self__, f"{{}} of {name_of(method)}")
  yield Part(name_of(method), method.__func__)


def parts_of_partial(value: functools.partial[Any]) -> Iterator[Part]:
  name = name_of(value)
  yield Part(name, value.func)
  pairs = [*_numbered("args", value.args), *value.keywords.items()]
  for expression, each in pairs:
    yield Part(expression, each, f"partial({name}, ..., {{}})")


def _numbered(name: str, values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
  yield from ((f"{name}[{i}]", each) for i, each in enumerate(values))


def _closure(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
  cells = function.__closure__ or ()
  for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
    try:
      yield name, cell.cell_contents
    except ValueError:  # not assigned yet
      continue


def _defaults(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
  code, values = function.__code__, function.__defaults__ or ()
  names = code.co_varnames[: code.co_argcount]
  yield from zip(names[len(names) - len(values) :], values, strict=True)
  yield from (function.__kwdefaults__ or {}).items()


def _globals_used(code: types.CodeType) -> set[str]:
  instructions = dis.get_instructions(code)
  used = {each.argval for each in instructions if each.opname == "LOAD_GLOBAL"}
  inner = (each for each in code.co_consts if isinstance(each, types.CodeType))
  return used.union(*map(_globals_used, inner))
