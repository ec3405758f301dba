"""The ``local`` backend: a detached supervisor per job on this machine."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_remote_core import mixins, places, wire
from keras_remote_core.builtin.local import launch
from keras_remote_core.builtin.local.identity import Process
from keras_remote_core.model import JobHandle, Submission

_PATIENCE = 15.0
"""Seconds a supervisor gets to stop its function and sign what happened."""


class LocalBackend(mixins.PollingWatch, mixins.StoredLogs, mixins.StoredStatus):
  """Jobs as processes; each has a folder below the user's state folder."""

  # Elsewhere than on Linux each look costs a process.
  poll_interval = 0.05 if sys.platform == "linux" else 0.25

  def handle(self, submission: Submission) -> JobHandle:
    return mixins.handle(submission, native_id=submission.plan.job_id)

  def render(self, submission: Submission) -> Sequence[Mapping[str, Any]]:
    return [launch.process(submission)]

  def submit(self, submission: Submission, handle: JobHandle) -> None:
    launch.start(submission, _folder(handle), wire.encode(handle))

  def runs(self, handle: JobHandle) -> bool | None:
    process = _process(handle)
    if process is not None:
      return process.alive()
    if not _folder(handle).exists():
      return None
    return launch.starting(_folder(handle))

  def last_words(self, handle: JobHandle) -> str:
    with contextlib.suppress(FileNotFoundError):
      text = (_folder(handle) / launch.LOG).read_text(errors="replace")
      return text.strip()[-2000:]
    return ""

  def cancel(self, handle: JobHandle) -> None:
    process = _process(handle)
    if process is None or not process.signal(signal.SIGTERM):
      return
    deadline = time.monotonic() + _PATIENCE
    while process.alive():
      if time.monotonic() > deadline:
        process.signal_group(signal.SIGKILL)
      time.sleep(self.poll_interval)

  def delete(self, handle: JobHandle) -> None:
    self.cancel(handle)
    shutil.rmtree(_folder(handle), ignore_errors=True)

  def key(self, handle: JobHandle) -> bytes | None:
    with contextlib.suppress(FileNotFoundError):
      return bytes.fromhex((_folder(handle) / launch.KEY).read_text())
    return None

  def list(self) -> Iterator[JobHandle]:
    return wire.read_handles(_root().glob(f"*/{launch.HANDLE}"))


def _root() -> Path:
  return places.state_dir() / "local"


def _folder(handle: JobHandle) -> Path:
  return _root() / handle.job_id


def _process(handle: JobHandle) -> Process | None:
  with contextlib.suppress(FileNotFoundError):
    return Process(**json.loads((_folder(handle) / launch.PROCESS).read_text()))
  return None
