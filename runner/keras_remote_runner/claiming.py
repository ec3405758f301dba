"""Which attempt a start of a host may run: never one that another start runs.

A cluster may start a host twice, and it starts one again whose machine it
lost. The attempt's marker says who has it, its pulse that they still live.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keras_remote_runner import outcome, signing
from keras_remote_runner.attempt import Refused
from keras_remote_runner.stores import Store

PULSE, SILENCE = 5.0, 20.0
"""Seconds between two signs of life, and without one until death is assumed."""
_LOOK = 1.0
POD = "KERAS_REMOTE_POD"
"""Names the variable with what tells one pod of a host from another, if any."""

Home = Callable[[int, str], str]


class Concluded(Exception):
  """Another start of this host had the last word; ``code`` is its exit code."""

  def __init__(self, code: int) -> None:
    super().__init__(code)
    self.code = code


class Claims:
  """The attempts of one host; ``home`` gives the key of an attempt's file."""

  def __init__(self, store: Store, home: Home) -> None:
    self._store, self._home = store, home

  def take(self, attempts: int, started: float) -> int:
    """Claims the first attempt that nobody has, once those before are over.

    Raises:
      Refused: all of them are over, and none came to an end of its own.
      Concluded: one of them had the last word.
    """
    data = signing.canonical({**_own(), "started": started})
    for attempt in range(attempts):
      with contextlib.suppress(FileExistsError):
        self._store.write(self._home(attempt, "start.json"), data, True)
        return attempt
      # Evidence of a start too many, or of one after a loss.
      self._store.write(self._home(attempt, f"again/{started:f}.json"), data)
      self._see_off(attempt, attempts)
    message = "the job was started again after it had begun, and may not run"
    raise Refused("Restarted", f"{message} more often")

  @contextlib.contextmanager
  def alive(self, attempt: int) -> Iterator[None]:
    """Gives signs of life while the block runs."""
    over = threading.Event()

    def beat() -> None:
      while not over.wait(PULSE):
        # One that is missed may be followed by others in time.
        with contextlib.suppress(OSError):
          now = signing.canonical({"at": time.time()})
          self._store.write(self._home(attempt, "pulse.json"), now)

    threading.Thread(target=beat, daemon=True).start()
    try:
      yield
    finally:
      over.set()

  def _see_off(self, attempt: int, attempts: int) -> None:
    """Waits until an attempt that another start has is over."""
    holder = json.loads(self._store.read(self._home(attempt, "start.json")))
    seen, since = self._read(attempt, "pulse.json"), time.monotonic()
    while True:
      gone = _is_gone(holder) or time.monotonic() > since + SILENCE
      # Asked after: what it said last is there by now.
      body = self._outcome(attempt)
      if body is not None and outcome.final(body, attempts):
        raise Concluded(outcome.exit_code(body))
      if body is not None or gone:
        return
      time.sleep(_LOOK)
      pulse = self._read(attempt, "pulse.json")
      if pulse != seen:
        seen, since = pulse, time.monotonic()

  def _outcome(self, attempt: int) -> dict[str, Any] | None:
    data = self._read(attempt, "outcome.json")
    return None if data is None else json.loads(data)

  def _read(self, attempt: int, name: str) -> bytes | None:
    with contextlib.suppress(FileNotFoundError):
      return self._store.read(self._home(attempt, name))
    return None


def _own() -> dict[str, Any]:
  host, pod = socket.gethostname(), os.environ.get(POD, "")
  return {"host": host, "pid": os.getpid(), "pod": pod}


def _is_gone(holder: Mapping[str, Any]) -> bool:
  """Whether a process of this very machine is known to have ended."""
  own = _own()
  if holder["host"] != own["host"]:
    return False
  # A container that starts again gives out the same numbers. So does another
  # pod, whose host may have the same name.
  if holder["pid"] == own["pid"]:
    return bool(holder["pod"] == own["pod"])
  try:
    os.kill(holder["pid"], 0)
  except ProcessLookupError:
    return True
  except PermissionError:
    return False
  return False
