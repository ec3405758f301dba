"""Reading a pipe to its end on a thread, line by line."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from keras_remote_runner import lines

_PROGRESS_INTERVAL = 2.0
_LOOK = 0.05


class Reader:
  """Gives each line of a file descriptor to ``add``, and closes it.

  Args:
    pause: called when what came at once was given.
  """

  def __init__(
    self, pipe: int, add: Callable[[str], None], pause: Callable[[], None]
  ) -> None:
    self._pipe, self._add, self._pause = pipe, add, pause
    self._asked: float | None = None
    self._thread = threading.Thread(target=self._read, daemon=True)
    self._thread.start()

  def drain(self, patience: float) -> None:
    """Waits for the end of the pipe.

    A process that left the job's group may hold it open for ever: a pipe that
    has had nothing for ``patience`` seconds counts as ended. One that is not
    read because the store is slow does not.
    """
    while self._thread.is_alive() and self._silence() <= patience:
      self._thread.join(_LOOK)

  def _silence(self) -> float:
    asked = self._asked
    return 0.0 if asked is None else time.monotonic() - asked

  def _read(self) -> None:
    rest, shown = b"", 0.0
    while data := self._next():
      texts, rest = lines.split(rest + data)
      if b"\r" in rest and time.monotonic() > shown + _PROGRESS_INTERVAL:
        bar, _, rest = rest.rpartition(b"\r")
        texts.append(lines.visible(bar))
        shown = time.monotonic()
      for text in texts:
        self._add(text)
      self._pause()
    if rest:
      self._add(lines.visible(rest))
    os.close(self._pipe)

  def _next(self) -> bytes:
    self._asked = time.monotonic()
    data = os.read(self._pipe, lines.LONGEST)
    self._asked = None
    return data
