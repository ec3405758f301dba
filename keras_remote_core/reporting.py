"""What a caller sees while a call goes on: live on a terminal, plain in a pipe.

Everything goes to standard error; the job's own output has standard output.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TextIO

from keras_remote_core.roles import Reporter


class Plain:
  """A line per finished step, note and warning."""

  def __init__(self, stream: TextIO | None) -> None:
    self._stream = stream

  @contextlib.contextmanager
  def step(self, name: str, detail: str = "") -> Iterator[None]:
    began = time.monotonic()
    yield
    self.note(finished(name, detail, time.monotonic() - began))

  def note(self, text: str) -> None:
    show(f"keras-remote: {text}", self._stream)

  def warn(self, text: str) -> None:
    self.note(f"warning: {text}")


class Live(Plain):
  """A spinner with the time of the step that runs now."""

  @contextlib.contextmanager
  def step(self, name: str, detail: str = "") -> Iterator[None]:
    began = time.monotonic()
    with self._spinner(f"{name} {detail}".rstrip()):
      yield
    self.note(finished(name, detail, time.monotonic() - began))

  def _spinner(self, text: str) -> AbstractContextManager[object]:
    from rich.console import Console
    from rich.progress import (
      Progress,
      SpinnerColumn,
      TextColumn,
      TimeElapsedColumn,
    )

    columns = (
      SpinnerColumn(),
      TextColumn("{task.description}", markup=False),
      TimeElapsedColumn(),
    )
    progress = Progress(
      *columns,
      console=Console(file=self._stream),
      transient=True,
      redirect_stdout=False,
      redirect_stderr=False,
    )
    progress.add_task(text, total=None)
    return progress


class Silent:
  """Nothing at all, for commands whose output is the answer."""

  @contextlib.contextmanager
  def step(self, name: str, detail: str = "") -> Iterator[None]:
    del name, detail
    yield

  def note(self, text: str) -> None:
    del text

  def warn(self, text: str) -> None:
    del text


def reporter() -> Reporter:
  """What suits this process's standard error."""
  terminal = sys.stderr is not None and sys.stderr.isatty()
  return Live(sys.stderr) if terminal else Plain(sys.stderr)


def show(text: str, stream: TextIO | None) -> bool:
  """Writes a line, whatever the stream can encode; False where it is closed.

  A closed or full stream must not cost a job its value.
  """
  if stream is None:
    return False
  try:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    encodable = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(f"{encodable}\n")
    stream.flush()
  except (OSError, ValueError):
    return False
  return True


def finished(name: str, detail: str, seconds: float) -> str:
  """The line of a step that is done."""
  told = f"{name} ({detail})" if detail else name
  return f"{told} {seconds:.1f} s"
