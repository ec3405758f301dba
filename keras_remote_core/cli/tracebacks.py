"""Tracebacks as the command line shows them: from the user's code on."""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path

import click

from keras_remote_core import tracebacks

_PASSED_OVER = (
  "<frozen importlib",
  *(
    str(Path(module.__file__).parent)
    for module in (click, importlib)
    if module.__file__
  ),
)


def of_user(error: BaseException) -> str:
  """The formatted exception without the frames that led to the user's code."""
  frames = tracebacks.users(error.__traceback__, *_PASSED_OVER)
  return "".join(traceback.format_exception(type(error), error, frames))
