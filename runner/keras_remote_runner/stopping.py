"""How a job is told to stop: SIGTERM, once."""

from __future__ import annotations

import signal


class Stopped(Exception):
  """SIGTERM came; raised in the main thread, wherever it was."""


def listen() -> None:
  """Turns the first SIGTERM into ``Stopped``; further ones change nothing."""
  signal.signal(signal.SIGTERM, _stop)
  signal.signal(signal.SIGHUP, signal.SIG_IGN)


def ignore() -> None:
  """From here on a stop would only lose what there is to tell."""
  signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _stop(number: int, frame: object) -> None:
  del number, frame
  ignore()
  raise Stopped
