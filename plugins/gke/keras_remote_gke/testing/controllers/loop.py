"""A controller's thread: acts whenever something it watches has changed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from attrs import frozen

from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.state import Compacted, State
from keras_remote_gke.testing.control.statuses import Refused


@frozen
class Pace:
  """How fast the waits pass that a cluster chooses itself.

  Args:
    scale: 1.0: as they are; 0.01: a back-off of 10 s takes 0.1 s.
  """

  scale: float = 1.0

  def seconds(self, seconds: float) -> float:
    return seconds * self.scale


class Loop:
  """Calls ``sync`` after every change of what is watched.

  Args:
    sync: brings the cluster nearer to what is wanted; returns the seconds
      after which it wants to be called even if nothing changes.
  """

  def __init__(
    self,
    state: State,
    watched: Sequence[Resource],
    sync: Callable[[], float | None],
  ) -> None:
    self._state, self._watched, self._sync = state, watched, sync
    self._thread = threading.Thread(target=self._run, daemon=True)

  def start(self) -> None:
    self._thread.start()

  def join(self) -> None:
    """Waits for the end, which comes when the state is closed."""
    self._thread.join()

  def _run(self) -> None:
    while not self._state.closed:
      version, delay = self._state.version, None
      # Somebody else was faster; what he did is a change too.
      with contextlib.suppress(Refused):
        delay = self._sync()
      self._await(version, delay)

  def _await(self, version: int, delay: float | None) -> None:
    """Waits for a change of what is watched, or for some seconds."""
    while self._state.wait(version, delay) and not self._state.closed:
      latest = self._state.version
      if self._changed(version):
        return
      version = latest

  def _changed(self, version: int) -> bool:
    try:
      return any(self._state.since(each, version) for each in self._watched)
    except Compacted:
      return True
