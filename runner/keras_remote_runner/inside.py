"""``@keras_remote.run`` inside a job: the function itself, nothing submitted.

A decorated function never submits itself from within a job, and the job needs
no client installed: this module is all that stands for it there.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any


def in_job() -> bool:
  """Whether this process runs a job's function."""
  return "KERAS_REMOTE_JOB_ID" in os.environ


class Direct:
  """A decorated function that is called straight through."""

  def __init__(self, function: Callable[..., Any]) -> None:
    functools.update_wrapper(self, function)
    self._function = function

  def __call__(self, *args: Any, **kwargs: Any) -> Any:
    return self._function(*args, **kwargs)

  def __get__(self, instance: Any, owner: type | None = None) -> Any:
    if instance is None:
      return self
    return functools.partial(self._function, instance)

  def __reduce__(self) -> Any:
    return Direct, (self._function,)

  def submit(self, *args: Any, **kwargs: Any) -> Any:
    raise RuntimeError(
      f"{self._function.__qualname__}.submit() was called inside a job; call"
      " the function instead, it runs right here"
    )

  plan = submit

  def with_parameters(self, **overrides: Any) -> Direct:
    """Itself: in a job there is nothing that they could change."""
    del overrides
    return self


def same(value: Any) -> Any:
  """What an object stands for that travels as another one."""
  return value


def run(function: Callable[..., Any] | None = None, **options: Any) -> Any:
  """Decorates with or without parentheses, ignoring every parameter."""
  if function is None:
    return lambda wrapped: run(wrapped, **options)
  return Direct(function)
