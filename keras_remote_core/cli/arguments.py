"""What a function is called with, as the command line says it; pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from attrs import field, frozen

from keras_remote_core.errors import UsageError, WrongArguments


@frozen(kw_only=True)
class Arguments:
  """Positional and named arguments."""

  args: tuple[Any, ...] = ()
  kwargs: Mapping[str, Any] = field(factory=dict)


def parse(
  pairs: Iterable[str], args: str | None, kwargs: str | None
) -> Arguments:
  """Arguments from ``NAME=VALUE`` pairs, a JSON array and a JSON object.

  Raises:
    UsageError: one of them has another form.
  """
  positional = _document("--args", args, list, "array") if args else []
  named = _document("--kwargs", kwargs, dict, "object") if kwargs else {}
  return Arguments(
    args=tuple(positional), kwargs={**named, **dict(map(_pair, pairs))}
  )


def check(function: Callable[..., Any], arguments: Arguments) -> None:
  """Raises WrongArguments where the function does not take the arguments."""
  from keras_remote_core import calling

  try:
    calling.check_arguments(function, arguments.args, dict(arguments.kwargs))
  except WrongArguments as error:
    error.remedy = "write NAME=VALUE for each parameter, or --args '[…]'"
    raise


def pair(text: str, of: str) -> tuple[str, str]:
  """The name and value in ``NAME=VALUE``."""
  name, equals, value = text.partition("=")
  if not equals or not name.isidentifier():
    raise UsageError(
      f"{of} {text!r} is not NAME=VALUE", remedy="write it like epochs=2"
    )
  return name, value


def _pair(text: str) -> tuple[str, Any]:
  name, value = pair(text, "the argument")
  try:
    return name, json.loads(value, parse_constant=_refuse)
  except ValueError:
    return name, value


def _document(option: str, text: str, kind: type[Any], word: str) -> Any:
  try:
    made = json.loads(text, parse_constant=_refuse)
  except ValueError as error:
    raise UsageError(f"{option} is not JSON: {error}") from error
  if not isinstance(made, kind):
    raise UsageError(f"{option} must be a JSON {word}, not {text}")
  return made


def _refuse(constant: str) -> NoReturn:
  """NaN and Infinity are Python's, not JSON's."""
  raise ValueError(f"{constant} is not JSON")
