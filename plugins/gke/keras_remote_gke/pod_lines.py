"""The lines of one pod, which its node and the store both have in part.

The runner prints the same lines that it stores. The node has the newest ones,
and loses the oldest of a long output; the store has them all, a few seconds
late, and outlives pod and node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from urllib3.exceptions import HTTPError

from keras_remote_core import stored
from keras_remote_core.model import LogLine
from keras_remote_gke import joining
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.live_logs import LiveLog

_BROKEN = (ClusterError, HTTPError, OSError, ValueError)
_PAUSE, _TRIES = 1.0, 5


class PodLines:
  """Each line once, from whichever of the two has it.

  Args:
    over: whether the pod has ended, or ends within so many seconds.
  """

  def __init__(
    self, live: LiveLog, chunks: stored.Attempt, over: Callable[[float], bool]
  ) -> None:
    self._live, self._chunks, self._over = live, chunks, over
    # How many lines were told that the chunks have not given yet.
    self._ahead, self._last = 0, ""
    self._stopped = False

  def stop(self) -> None:
    """Ends following, from another thread."""
    self._stopped = True
    self._live.finish()

  def finish(self) -> None:
    """Has ``follow`` end with what there is, from another thread."""
    self._live.finish()

  def so_far(self) -> Iterator[LogLine]:
    """The lines that there are by now."""
    known = list(self._chunks.read())
    yield from known
    for line in joining.after(self._on_the_node(), known):
      yield self._told(line)

  def follow(self) -> Iterator[LogLine]:
    """New lines until the pod has ended."""
    failures = 0
    while failures < _TRIES and not self._stopped:
      before = self._live.count
      try:
        for line in self._live.follow():
          yield self._told(line)
        # Else the node's agent was restarted, or turned the file over.
        if self._over(_PAUSE):
          for line in self._live.rest():
            yield self._told(line)
          return
      except _BROKEN:
        failures = failures + 1 if self._live.count == before else 1
        self._over(_PAUSE)
    yield from self._stored()

  def _stored(self) -> Iterator[LogLine]:
    """Goes on in the store where the node fell silent."""
    self._chunks.skip(self._ahead, self._last)
    over = False
    while not over and not self._stopped:
      # Asked in this order, what was stored before the end is read too.
      over = self._over(_PAUSE)
      yield from self._chunks.read()

  def _on_the_node(self) -> list[LogLine]:
    found = []
    try:
      for line in self._live.rest():
        found.append(line)  # noqa: PERF402 - what came before it broke counts
    except _BROKEN:
      pass
    return found

  def _told(self, line: LogLine) -> LogLine:
    self._ahead, self._last = self._ahead + 1, line.text
    return line
