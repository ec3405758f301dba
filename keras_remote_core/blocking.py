"""A call that blocks: its steps, its logs, its end, and Ctrl-C."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import Any, TypeVar

from keras_remote_core import reporting, waiting
from keras_remote_core.errors import JobError
from keras_remote_core.job import Job
from keras_remote_core.model import JobStatus, LogLine, Phase
from keras_remote_core.roles import Reporter

R = TypeVar("R")


def finish(job: Job[R], report: Reporter) -> R:
  """Streams the logs here, waits for the end and returns the value.

  Raises:
    KeyboardInterrupt: after the job was detached or cancelled.
  """
  try:
    _wait(job, report)
  except KeyboardInterrupt:
    _interrupted(job, report)
    raise
  except JobError:
    raise
  except Exception:
    # The wait ends, such as for a machine out of reach; the job does not.
    _goes_on(job, report)
    raise
  report.note(f"job {job.id} ended after {waiting.waited(job.handle):.1f} s")
  return job.collect()


def line_text(line: LogLine, workers: int) -> str:
  """A log line as it is shown: as printed, tagged where others print, too."""
  alone = workers == 1 and line.worker == "0"
  return line.text if alone else f"[{line.worker}] {line.text}"


def _wait(job: Job[Any], report: Reporter) -> None:
  logs = _Logs(job, report)
  with contextlib.ExitStack() as pending:
    for status in job.changes():
      pending.close()
      if status.phase is Phase.PENDING:
        pending.enter_context(report.step("pending", _why(status)))
      else:
        logs.start()
  logs.start()
  logs.join()


def _why(status: JobStatus) -> str:
  return status.message or status.reason


class _Logs:
  """Copies a job's lines to standard output, from a thread."""

  def __init__(self, job: Job[Any], report: Reporter) -> None:
    self._job, self._report = job, report
    self._thread = threading.Thread(target=self._copy, daemon=True)

  def start(self) -> None:
    if self._thread.ident is None:
      self._thread.start()

  def join(self) -> None:
    self._thread.join()

  def _copy(self) -> None:
    workers = self._job.handle.processes
    try:
      for line in self._job.logs(follow=True):
        if not reporting.show(line_text(line, workers), sys.stdout):
          return
    except Exception as error:
      # The value does not depend on its logs.
      self._report.warn(f"the logs stopped: {error}")


def _interrupted(job: Job[Any], report: Reporter) -> None:
  """Asks once on a terminal; elsewhere the job goes on."""
  if _wants_to_cancel():
    job.cancel()
    report.note(f"job {job.id} was cancelled")
    return
  _goes_on(job, report)


def _goes_on(job: Job[Any], report: Reporter) -> None:
  report.note(
    f"job {job.id} goes on; collect it with: keras-remote jobs result {job.id}"
  )


def _wants_to_cancel() -> bool:
  if not (sys.stdin.isatty() and sys.stderr.isatty()):
    return False
  try:
    sys.stderr.write("\n[d]etach and let the job run, or [c]ancel it? [d] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower().startswith("c")
  except KeyboardInterrupt:
    return False
