"""Whether a process is still the one that was started."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

from attrs import frozen


@frozen
class Process:
  """A process that cannot be mistaken for a later one with its number.

  Args:
    started: when it started, in the system's own words; None where it was
      gone before that could be asked.
  """

  pid: int
  started: str | None

  def alive(self) -> bool:
    return self.started is not None and started(self.pid) == self.started

  def signal(self, number: int) -> bool:
    """Signals the process; False where it is gone."""
    if not self.alive():
      return False
    with contextlib.suppress(ProcessLookupError):
      os.kill(self.pid, number)
    return True

  def signal_group(self, number: int) -> bool:
    """Signals the group that the process leads; False where it is gone."""
    if not self.alive():
      return False
    with contextlib.suppress(ProcessLookupError):
      os.killpg(self.pid, number)
    return True


def started(pid: int) -> str | None:
  """When a process started, or None where it is gone or a zombie."""
  return _linux(pid) if Path("/proc/self/stat").exists() else _ps(pid)


def _linux(pid: int) -> str | None:
  try:
    status = Path(f"/proc/{pid}/stat").read_text()
  except (FileNotFoundError, ProcessLookupError):
    return None
  # proc(5): the name may hold spaces and parentheses, so count from its end.
  fields = status.rpartition(")")[2].split()
  state, ticks = fields[0], fields[19]
  return None if state in "ZX" else f"{_boot()} {ticks}"


def _boot() -> str:
  """Tells boots apart, where the system does."""
  with contextlib.suppress(FileNotFoundError):
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
  return ""


def _ps(pid: int) -> str | None:
  asked = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
  environ = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
  found = subprocess.run(
    asked, capture_output=True, text=True, env=environ, check=False
  )
  state, _, start = found.stdout.strip().partition(" ")
  return start.strip() if start and not state.startswith("Z") else None
