"""Offers to run the command that repairs credentials."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import threading

from keras_remote_core import reporting
from keras_remote_core.errors import MissingCredentials

_LOGINS = "gcloud auth application-default "
_asking = threading.Lock()


def repaired(error: MissingCredentials) -> bool:
  """Whether a person wanted the error's remedy to be run, and it worked.

  Nobody is asked where nobody would answer, and about nothing but logins.
  """
  command = login_of(error)
  if command is None or not _is_somebody_there():
    return False
  with _asking:
    reporting.show(f"keras-remote: {error.message}", sys.stderr)
    return _wanted(command) and _succeeds(command)


def login_of(error: MissingCredentials) -> list[str] | None:
  """The error's remedy as a command, where it is a login that can be run."""
  remedy = error.remedy or ""
  if not remedy.startswith(_LOGINS) or shutil.which("gcloud") is None:
    return None
  return shlex.split(remedy)


def login(command: list[str]) -> None:
  """Runs a login on the caller's terminal.

  Raises:
    MissingCredentials: it did not succeed.
  """
  if not _succeeds(command):
    raise MissingCredentials(f"{shlex.join(command)} did not succeed")


def _succeeds(command: list[str]) -> bool:
  return subprocess.run(command).returncode == 0


def _is_somebody_there() -> bool:
  streams = (sys.stdin, sys.stderr)
  return all(each is not None and each.isatty() for each in streams)


def _wanted(command: list[str]) -> bool:
  # A line of its own: what shows progress may redraw the one it is on.
  told = f"keras-remote: run {shlex.join(command)} now? [Y/n]"
  reporting.show(told, sys.stderr)
  answer = sys.stdin.readline()
  return answer.strip().lower() in ("", "y", "yes") and answer != ""
