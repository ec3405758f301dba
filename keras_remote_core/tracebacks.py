"""Tracebacks without our frames: a user's mistake is shown where it was made."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar

from keras_remote_core.errors import KerasRemoteError

P = ParamSpec("P")
R = TypeVar("R")

DEBUG = "KERAS_REMOTE_DEBUG"
"""Set to anything, tracebacks stay whole."""

_HERE = str(Path(__file__).parent)


def user_facing(function: Callable[P, R]) -> Callable[P, R]:
  """Shortens what a public function raises to what its caller can act on.

  An exception that is neither the caller's nor the job's is a bug of ours, and
  keeps its traceback.
  """

  @functools.wraps(function)
  def call(*args: P.args, **kwargs: P.kwargs) -> R:
    try:
      return function(*args, **kwargs)
    except (Exception, KeyboardInterrupt) as error:
      if DEBUG in os.environ or not _expected(error):
        raise
      raise shortened(error) from None

  return call


def shortened(error: BaseException) -> BaseException:
  """The exception without the frames of ours that led to it."""
  if isinstance(error, KerasRemoteError | KeyboardInterrupt):
    # Its text says it all, whichever thread or library it came through.
    return error.with_traceback(None)
  return error.with_traceback(users(error.__traceback__))


def users(trace: TracebackType | None, *others: str) -> TracebackType | None:
  """A traceback from the first frame on that is not ours.

  Args:
    *others: what the files of frames begin with that are passed over too.
  """
  ours = (_HERE, *others)
  while trace and trace.tb_frame.f_code.co_filename.startswith(ours):
    trace = trace.tb_next
  return trace


def _expected(error: BaseException) -> bool:
  from keras_remote_core import remote_errors

  if isinstance(error, KerasRemoteError | KeyboardInterrupt):
    return True
  return remote_errors.came_home(error)
