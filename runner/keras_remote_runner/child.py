"""The process that runs the function: the only one that unpickles anything.

It is told what to do by a JSON file and says how it went in another. The end
of a socket tells it that its supervisor is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import warnings
from pathlib import Path
from typing import NoReturn

from keras_remote_runner import calling, handover, outcome


def main(scratch: Path, control: int) -> int:
  """Runs the call described in ``scratch``; returns an exit code."""
  channel = socket.socket(fileno=control)
  channel.set_inheritable(False)
  _die_with_supervisor(channel)
  _unwind_on_sigterm()
  home = os.getpid()
  call = handover.read(scratch / handover.CALL)
  assert call is not None
  report = calling.report(scratch, call)
  if os.getpid() != home:
    # A forked copy came out of the function: it has nothing to report.
    os._exit(outcome.exit_code(report))
  _flush()
  handover.write(report, scratch / handover.REPORT)
  # Only starts the time that is left to exit; the function may have closed it.
  with contextlib.suppress(OSError):
    channel.send(b"\n")
  _leave(outcome.exit_code(report))
  return outcome.exit_code(report)


def _unwind_on_sigterm() -> None:
  """Handles SIGTERM in this process, and in none that it forks.

  Python forgets a signal that a forked child gets before it is set up, so it
  is held back until the child has the default again.
  """
  signal.signal(signal.SIGTERM, _unwind)
  sigterm = {signal.SIGTERM}

  def in_child() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, sigterm)

  os.register_at_fork(
    before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, sigterm),
    after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, sigterm),
    after_in_child=in_child,
  )


def _unwind(number: int, frame: object) -> NoReturn:
  """Lets the function's ``finally`` blocks run before the end."""
  del number, frame
  signal.signal(signal.SIGTERM, signal.SIG_IGN)
  sys.exit(outcome.STOPPED)


def _die_with_supervisor(channel: socket.socket) -> None:
  """Ends this whole process group when the supervisor's end closes."""

  def wait() -> None:
    try:
      gone = not channel.recv(1)
    except OSError:
      return
    if gone:
      os.killpg(0, signal.SIGKILL)

  threading.Thread(target=wait, daemon=True).start()
  # That thread holds no lock, so forking beside it is as safe as without it.
  warnings.filterwarnings(
    "ignore", ".*multi-threaded.*fork", DeprecationWarning
  )


def _leave(code: int) -> None:
  """Ends at once where threads would keep the process from ending."""
  left = [
    thread.name
    for thread in threading.enumerate()
    if not thread.daemon and thread is not threading.main_thread()
  ]
  if left:
    with contextlib.suppress(Exception):
      sys.stderr.write(
        f"keras-remote: the function left {len(left)} thread(s) running"
        f" ({', '.join(left)}); they end with the job\n"
      )
    _flush()
    os._exit(code)


def _flush() -> None:
  # The function may have closed or replaced them.
  for stream in (sys.stdout, sys.stderr):
    with contextlib.suppress(Exception):
      stream.flush()
