"""One child process in a group of its own."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

TERM_GRACE = 10.0
LINGER = 30.0
"""Seconds a process may take to exit once its work is done."""


class Child:
  """A running process; ``CONTROL`` in its command is its end of a socket.

  The socket's end tells the process that this one is gone. A byte from it
  says that the process has done its work and only has to exit.
  """

  CONTROL = "{control}"

  def __init__(
    self,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: int,
  ) -> None:
    self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
    self._done = False
    self.code: int | None = None
    self._control, theirs = socket.socketpair()
    with theirs:
      fd = str(theirs.fileno())
      self._process = subprocess.Popen(
        [each if each != self.CONTROL else fd for each in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        pass_fds=(theirs.fileno(),),
      )
    for target in (self._wait, self._listen):
      threading.Thread(target=target, daemon=True).start()

  def wait(self, timeout: float | None) -> bool:
    """Waits for the end; False where ``timeout`` seconds ran out first."""
    deadline = None if timeout is None else time.monotonic() + timeout
    # A stop may interrupt this anywhere: what is known is kept elsewhere than
    # in the queue.
    while self.code is None:
      try:
        self._wakes.get(timeout=_left(deadline))
      except queue.Empty:
        return False
      if self._done:
        deadline, self._done = time.monotonic() + LINGER, False
    return True

  def end(self) -> None:
    """Ends the whole group: asked first, then forced."""
    self._signal(signal.SIGTERM)
    if not self.wait(TERM_GRACE):
      self._signal(signal.SIGKILL)
      self.wait(None)

  def sweep(self) -> None:
    """Kills what the process left running in its group."""
    self._signal(signal.SIGKILL)

  def _signal(self, number: int) -> None:
    # macOS answers EPERM for a group of zombies.
    with contextlib.suppress(ProcessLookupError, PermissionError):
      os.killpg(self._process.pid, number)

  def _wait(self) -> None:
    self.code = self._process.wait()
    self._wakes.put(None)

  def _listen(self) -> None:
    with contextlib.suppress(OSError):
      if self._control.recv(1):
        self._done = True
        self._wakes.put(None)


def _left(deadline: float | None) -> float | None:
  return None if deadline is None else max(0.0, deadline - time.monotonic())
