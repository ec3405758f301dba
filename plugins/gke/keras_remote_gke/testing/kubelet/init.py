"""Process 1 of a container: starts the command, and ends all it leaves.

    python init.py CONTROL COMMAND...

CONTROL is a descriptor: ``T`` on it asks the command to end, ``K`` ends
everything at once, and so does its end of file, which comes when the emulator
is gone. As in a container, whatever the command has started, in whatever
session, ends with it. Runs by itself, on the standard library alone.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys

_SUBREAPER = 36
_UNSTARTED = 127


def main(control: int, command: list[str]) -> int:
  """Runs a command to its end and returns what a container's status has."""
  _adopt_orphans()
  reading, writing = os.pipe()
  os.set_blocking(writing, False)
  signal.signal(signal.SIGCHLD, lambda *_: None)
  signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
  child = _start(command, (control, reading, writing))
  _release_output()
  while (code := _reaped(child)) is None:
    ready, _, _ = select.select([control, reading], [], [])
    if reading in ready:
      os.read(reading, 4096)
    if control in ready:
      _obey(os.read(control, 1), child)
  _end_everything()
  return code


def _adopt_orphans() -> None:
  """Makes this the parent of descendants whose own parent has gone."""
  if sys.platform != "linux":
    return
  import ctypes

  ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _start(command: list[str], private: tuple[int, ...]) -> int:
  child = os.fork()
  if child:
    return child
  try:
    for each in private:
      os.close(each)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.execvp(command[0], command)
  finally:
    os._exit(_UNSTARTED)


def _release_output() -> None:
  """Leaves the output to the command, so that it ends with it."""
  nowhere = os.open(os.devnull, os.O_RDWR)
  for each in (0, 1, 2):
    os.dup2(nowhere, each)


def _reaped(child: int) -> int | None:
  """The command's exit code, once it has one; others are reaped beside it."""
  code = None
  with contextlib.suppress(ChildProcessError):
    while True:
      pid, status = os.waitpid(-1, os.WNOHANG)
      if not pid:
        break
      if pid == child:
        code = os.waitstatus_to_exitcode(status)
  return code if code is None or code >= 0 else 128 - code


def _obey(order: bytes, child: int) -> None:
  if order == b"T":
    if _listens(child):
      os.kill(child, signal.SIGTERM)
    return
  _end_everything(reap=False)
  if not order:
    os._exit(0)


def _listens(pid: int) -> bool:
  """Whether a process handles SIGTERM.

  The kernel sends the first process of a container no signal that it has no
  handler for.
  """
  try:
    with open(f"/proc/{pid}/status") as file:
      caught = next(e for e in file if e.startswith("SigCgt:"))
  except FileNotFoundError:
    return True
  return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def _end_everything(reap: bool = True) -> None:
  while left := _descendants():
    for each in left:
      with contextlib.suppress(ProcessLookupError):
        os.kill(each, signal.SIGKILL)
    if not reap:
      return
    with contextlib.suppress(ChildProcessError):
      os.waitpid(-1, 0)


def _descendants() -> list[int]:
  """Every living process that this one or a descendant of it has started."""
  parents = _parents()
  found: list[int] = []
  wanted = {os.getpid()}
  while wanted:
    wanted = {pid for pid, parent in parents.items() if parent in wanted}
    found += wanted
  return found


def _parents() -> dict[int, int]:
  if sys.platform != "linux":
    import subprocess

    command = ["ps", "-axo", "pid=,ppid="]
    listed = subprocess.run(command, capture_output=True, text=True).stdout
    return {int(a): int(b) for a, b in map(str.split, listed.splitlines())}
  found = {}
  for entry in os.scandir("/proc"):
    if entry.name.isdigit():
      with contextlib.suppress(OSError), open(f"{entry.path}/stat") as file:
        # The command's name, in parentheses, may hold anything.
        fields = file.read().rpartition(")")[2].split()
        if fields[0] != "Z":
          found[int(entry.name)] = int(fields[1])
  return found


if __name__ == "__main__":
  sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
