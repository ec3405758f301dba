"""A backend without a world: a job is over when ``submit`` returns."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_remote_core import mixins, stored
from keras_remote_core.builtin.local import environ
from keras_remote_core.errors import JobLost
from keras_remote_core.model import JobHandle, JobStatus, Submission
from keras_remote_runner import keys


class InstantBackend(mixins.PollingWatch, mixins.StoredLogs):
  """Runs each job through the real runner, in a process that it waits for.

  For tests of packagers, stores and whatever else jobs need: nothing goes on
  in the background, and nothing but the store remembers a job. So it lists no
  jobs, knows no keys, and there is nothing left to cancel.
  """

  poll_interval = 0.01

  def handle(self, submission: Submission) -> JobHandle:
    return mixins.handle(submission, native_id=submission.plan.job_id)

  def render(self, submission: Submission) -> Sequence[Mapping[str, Any]]:
    return [
      {
        "kind": "Process",
        "arguments": list(submission.arguments),
        "secrets": sorted(submission.secrets),
      }
    ]

  def submit(self, submission: Submission, handle: JobHandle) -> None:
    marker = f"{keys.job(handle.job_id)}/instant"
    try:
      self.store.write(marker, b"", only_if_absent=True)
    except FileExistsError:
      return
    done = _run(submission)
    known = stored.status(self.store, handle)
    if known is None or not known.phase.terminal:
      raise JobLost(
        f"the runner ended with {done.returncode} and left no outcome",
        reason="Lost",
        lines=tuple(done.stderr.splitlines()[-20:]),
        remedy="find out what ended it: its last lines stand below",
      )

  def status(self, handle: JobHandle) -> JobStatus:
    known = stored.status(self.store, handle)
    return known or stored.lost(self.store, handle, "")

  def cancel(self, handle: JobHandle) -> None:
    del handle

  def delete(self, handle: JobHandle) -> None:
    del handle

  def key(self, handle: JobHandle) -> bytes | None:
    del handle
    return None

  def list(self) -> Iterator[JobHandle]:
    return iter(())


def _run(submission: Submission) -> subprocess.CompletedProcess[str]:
  with tempfile.TemporaryDirectory() as folder:
    runner = Path(folder) / "runner.pyz"
    runner.write_bytes(submission.runner)
    return subprocess.run(
      [sys.executable, "-P", str(runner), *submission.arguments],
      env={
        **environ.inherited(os.environ),
        **submission.secrets,
        "KERAS_REMOTE_KEY": submission.key.hex(),
        "KERAS_REMOTE_SCRATCH": folder,
      },
      cwd=folder,
      stdin=subprocess.DEVNULL,
      stdout=subprocess.DEVNULL,
      stderr=subprocess.PIPE,
      text=True,
      errors="replace",
      check=False,
    )
