"""Shows lines while things are made: live on a terminal, plain in a pipe."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from keras_remote_core import reporting
from keras_remote_pulumi_infra.progress import Line, elapsed

if TYPE_CHECKING:
  from rich.progress import Progress, TaskID


class Plain:
  """A line for each thing that changed, once it has."""

  def __init__(self, stream: TextIO | None) -> None:
    self._stream, self._lock = stream, threading.Lock()
    self._begun: dict[str, float] = {}

  def begun(self, line: Line) -> None:
    self._begun[line.name] = time.monotonic()

  def done(self, line: Line) -> None:
    took = self._took(line)
    if line.changes:
      self._show(f"{line.mark} {line.done()}{took}")

  def failed(self, line: Line) -> None:
    self._show(f"x {line.doing()} failed{self._took(line)}")

  def note(self, text: str) -> None:
    """Something else that the caller should see now."""
    self._show(text)

  def _took(self, line: Line) -> str:
    began = self._begun.pop(line.name, None)
    return "" if began is None else elapsed(time.monotonic() - began)

  def _show(self, text: str) -> None:
    with self._lock:
      reporting.show(text, self._stream)


class Live(Plain):
  """The same, below it what is being made now, each with its time."""

  def __init__(self, stream: TextIO, progress: Progress) -> None:
    super().__init__(stream)
    self._progress = progress
    self._tasks: dict[str, TaskID] = {}

  def begun(self, line: Line) -> None:
    super().begun(line)
    if line.changes:
      self._tasks[line.name] = self._progress.add_task(line.doing(), total=None)

  def done(self, line: Line) -> None:
    self._end(line)
    super().done(line)

  def failed(self, line: Line) -> None:
    self._end(line)
    super().failed(line)

  def _end(self, line: Line) -> None:
    task = self._tasks.pop(line.name, None)
    if task is not None:
      self._progress.remove_task(task)

  def _show(self, text: str) -> None:
    self._progress.console.print(text, markup=False, highlight=False)


@contextlib.contextmanager
def shown() -> Iterator[Plain]:
  """What suits this process's standard error, while the block runs."""
  if sys.stderr is None or not sys.stderr.isatty():
    yield Plain(sys.stderr)
    return
  with _progress(sys.stderr) as progress:
    yield Live(sys.stderr, progress)


def _progress(stream: TextIO) -> Progress:
  from rich.console import Console
  from rich.progress import (
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
  )

  return Progress(
    SpinnerColumn(),
    TextColumn("{task.description}", markup=False),
    TimeElapsedColumn(),
    console=Console(file=stream),
    transient=True,
    redirect_stdout=False,
    redirect_stderr=False,
  )
