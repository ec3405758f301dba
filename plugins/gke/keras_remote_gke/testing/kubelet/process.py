"""A container's processes, as processes of this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_INIT = Path(__file__).with_name("init.py")


class Process:
  """A command that runs under an ``init`` of its own.

  Attributes:
    streams: what it prints: the ends to read of stdout and stderr.
  """

  def __init__(
    self, command: Sequence[str], env: Mapping[str, str], cwd: Path
  ) -> None:
    self._control, theirs = socket.socketpair()
    out, err = os.pipe(), os.pipe()
    self.streams = {"stdout": out[0], "stderr": err[0]}
    descriptor = theirs.fileno()
    try:
      self._init = subprocess.Popen(
        [sys.executable, "-ISs", str(_INIT), str(descriptor), *command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=out[1],
        stderr=err[1],
        pass_fds=(descriptor,),
        # So that what interrupts the emulator is not the command's affair.
        start_new_session=True,
      )
    finally:
      theirs.close()
      os.close(out[1])
      os.close(err[1])

  def terminate(self) -> None:
    """Asks the command to end, as a container's first process is asked."""
    self._order(b"T")

  def kill(self) -> None:
    """Ends all of it at once."""
    self._order(b"K")

  def wait(self) -> int:
    """Waits for the end; 128 and the signal's number where one ended it."""
    code = self._init.wait()
    self._control.close()
    return code if code >= 0 else 128 - code

  def _order(self, order: bytes) -> None:
    # It may have ended by now.
    with contextlib.suppress(OSError):
      self._control.sendall(order)
