"""Importing a module to look at its functions: nothing may be submitted."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator

from keras_remote_core.errors import UsageError

_looking: contextvars.ContextVar[str | None] = contextvars.ContextVar(
  "looking", default=None
)


@contextlib.contextmanager
def only_looking(at: str) -> Iterator[None]:
  """Refuses calls of decorated functions while a module is imported."""
  token = _looking.set(at)
  try:
    yield
  finally:
    _looking.reset(token)


def check(name: str) -> None:
  """Raises UsageError where a module calls a function at its top level.

  It would be paid for when somebody only looks at the module, and once more
  in every job that imports it.
  """
  if at := _looking.get():
    raise UsageError(
      f"{at} calls {name} when it is imported",
      remedy="put the call below: if __name__ == '__main__':",
    )
