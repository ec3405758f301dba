"""What conformance jobs run; each function needs nothing but Python."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def detached(function: F) -> F:
  """The function as if typed at a prompt: no file of it ships or is needed."""
  plain = cast(types.FunctionType, function)
  made = types.FunctionType(
    plain.__code__.replace(co_filename="<detached>"),
    plain.__globals__,
    plain.__name__,
    plain.__defaults__,
    plain.__closure__,
  )
  made.__kwdefaults__ = plain.__kwdefaults__
  made.__qualname__ = plain.__name__
  # No such module: what cannot be imported travels by value.
  made.__module__ = "<detached>"
  return cast(F, made)


def add(a: int, b: int = 0) -> int:
  return a + b


def fail(message: str) -> NoReturn:
  raise ValueError(message)


def count_aloud(lines: int) -> None:
  import sys

  for number in range(lines):
    sys.stdout.write(f"line {number}\n")


def say(text: str) -> str:
  import sys

  sys.stdout.write(f"{text}\n")
  return text


ODD_LINES = (
  "naïve ☃ \U0001f600",
  "",
  "  spaces\tand a tab  ",
  "[bold]{0}%s[/bold]",
  "\x1b[31mred\x1b[0m",
  "x" * 5000,
)


def print_all(lines: tuple[str, ...]) -> None:
  """The last line has no end."""
  import sys

  sys.stdout.write("\n".join((*lines, "no end")))


def sleep(seconds: float) -> str:
  import sys
  import time

  sys.stdout.write("asleep\n")
  sys.stdout.flush()
  time.sleep(seconds)
  return "awake"


def kill_itself() -> NoReturn:
  import os
  import signal
  import sys

  sys.stdout.write("last words\n")
  sys.stdout.flush()
  os.kill(os.getpid(), signal.SIGKILL)
  raise AssertionError("nothing survives SIGKILL")


def digest_of(variable: str) -> str:
  """The SHA-256 of an environment variable, which proves its knowledge."""
  import hashlib
  import os

  return hashlib.sha256(os.environ[variable].encode()).hexdigest()


def has(variable: str) -> bool:
  import os

  return variable in os.environ
