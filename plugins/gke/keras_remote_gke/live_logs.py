"""A pod's lines from the API, from the first, each once, as they are printed.

Every line carries the time at which the node took it. A stream that breaks is
opened again at the time of its last whole line, and what was there before is
passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_remote_core.model import LogLine
from keras_remote_gke import pods, stamps
from keras_remote_gke.api import Api, Stream
from keras_remote_gke.stamps import Stamp


class LiveLog:
  """Lines of one pod's main container; remembers which were read.

  Attributes:
    count: how many lines were read.
    last: the text of the last one.
  """

  def __init__(self, api: Api, path: str, worker: str) -> None:
    self._api, self._path, self._worker = api, f"{path}/log", worker
    self._stamp: Stamp | None = None
    self._same = 0
    self._stream: Stream | None = None
    self._finishing = False
    self.count, self.last = 0, ""

  def follow(self) -> Iterator[LogLine]:
    """New lines until the container ends or the stream does.

    Raises:
      ClusterError, HTTPError: it broke; called again it goes on.
    """
    return self.rest() if self._finishing else self._read(follow="true")

  def rest(self) -> Iterator[LogLine]:
    """New lines that are there already."""
    return self._read()

  def finish(self) -> None:
    """Has ``follow`` end, from another thread: nothing of note will come."""
    self._finishing = True
    if (stream := self._stream) is not None:
      stream.interrupt()

  def _read(self, **query: str) -> Iterator[LogLine]:
    if self._stamp is not None:
      query["sinceTime"] = self._stamp.whole()
    self._stream = self._api.stream(
      self._path, container=pods.MAIN, timestamps="true", **query
    )
    if self._finishing and query.get("follow"):
      self._stream.interrupt()
    passing, again = self._stamp, self._same
    for data in self._stream.lines():
      told, _, text = data.decode(errors="replace").partition(" ")
      stamp = stamps.parse(told)
      if passing is not None and stamp < passing:
        continue
      if stamp == passing and again:
        again -= 1
        continue
      # From here on all is new, even where a clock was put back.
      passing = None
      yield self._line(stamp, text)

  def _line(self, stamp: Stamp, text: str) -> LogLine:
    self._same = self._same + 1 if stamp == self._stamp else 1
    self._stamp, self.last = stamp, text
    self.count += 1
    return LogLine(worker=self._worker, time=stamp.time(), text=text)
