"""Starting a job's supervisor so that it outlives this process."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keras_remote_core import places
from keras_remote_core.builtin.local import environ, identity
from keras_remote_core.model import Submission

HANDLE, PROCESS, KEY, LOG = "handle.json", "process.json", "key", "runner.log"
_RUNNER = "runner.pyz"
_LOCK = "lock"


def process(submission: Submission) -> dict[str, Any]:
  """The process that a submission becomes; secrets by name only."""
  return {
    "kind": "Process",
    "command": [*_python(), _RUNNER, *submission.arguments],
    "environment": sorted(environ.inherited(os.environ)),
    "secrets": sorted(submission.secrets),
    "runner": f"sha256:{submission.runner_sha256}",
  }


def start(submission: Submission, folder: Path, handle: bytes) -> None:
  """Starts the supervisor, unless this job's was started before."""
  folder.mkdir(parents=True, exist_ok=True, mode=0o700)
  with _locked(folder):
    if (folder / PROCESS).exists():
      return
    _whole(folder / KEY, submission.key.hex().encode())
    _whole(folder / _RUNNER, submission.runner)
    _whole(folder / HANDLE, handle)
    _spawn(submission, folder)


def starting(folder: Path) -> bool:
  """Says whether somebody is about to start the job right now."""
  if not folder.exists():
    return False
  with open(folder / _LOCK, "w") as file:
    try:
      fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
      return True
  return False


def _spawn(submission: Submission, folder: Path) -> None:
  """Starts the supervisor once it is written down which process it is."""
  command = [*_python(), str(folder / _RUNNER), *submission.arguments]
  with open(folder / LOG, "wb") as log:
    started = subprocess.Popen(
      # Should this process die before, the shell finds the pipe closed and
      # starts nothing.
      ["/bin/sh", "-c", 'read go && exec "$@" </dev/null', "sh", *command],
      env=_environment(submission, folder),
      cwd=folder,
      stdin=subprocess.PIPE,
      # The store has every line; what the runner says of itself goes to a
      # file.
      stdout=subprocess.DEVNULL,
      stderr=log,
      start_new_session=True,
    )
  process = {"pid": started.pid, "started": identity.started(started.pid)}
  _whole(folder / PROCESS, json.dumps(process).encode())
  assert started.stdin is not None
  with started.stdin as gate:
    gate.write(b"go\n")
  # Nobody else would reap it while this process lives.
  threading.Thread(target=started.wait, daemon=True).start()


def _python() -> list[str]:
  return [sys.executable, "-P"]


def _environment(submission: Submission, folder: Path) -> Mapping[str, str]:
  return {
    **environ.inherited(os.environ),
    **submission.secrets,
    "KERAS_REMOTE_KEY": submission.key.hex(),
    # Goes with the job's folder, even where the supervisor was killed.
    "KERAS_REMOTE_SCRATCH": str(folder),
    "KERAS_REMOTE_ENVIRONMENTS": str(places.cache_dir() / "environments"),
  }


def _whole(path: Path, data: bytes) -> None:
  """Writes a file that nobody sees half of, and only its owner can read."""
  part = path.with_suffix(".part")
  part.touch(mode=0o600)
  part.write_bytes(data)
  part.replace(path)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
  with open(folder / _LOCK, "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    yield
