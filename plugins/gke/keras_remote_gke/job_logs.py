"""The lines of all workers of a job, while it goes on and afterwards."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence

from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.model import LogLine
from keras_remote_gke.following import Follower, Worker
from keras_remote_gke.observing import Observer
from keras_remote_gke.seen import Seen

_AHEAD = 10_000
"""Lines that may wait for whoever prints them."""

_Item = LogLine | Exception | None


def so_far(workers: Sequence[Worker], seen: Seen) -> Iterator[LogLine]:
  """The lines that there are by now; those of several workers by time."""
  found = (line for each in workers for line in each.so_far(seen))
  if len(workers) == 1:
    return found
  return iter(sorted(found, key=lambda line: line.time))


def follow(workers: Sequence[Worker], observer: Observer) -> Iterator[LogLine]:
  """Every line as it comes, until the job has ended.

  Raises:
    KerasRemoteError: the cluster refuses to be watched.
  """
  lines: queue.Queue[_Item] = queue.Queue(_AHEAD)
  over = threading.Event()
  followers = [Follower(each, observer) for each in workers]
  with observer.watching():
    threading.Thread(
      target=_finish, args=(followers, observer), daemon=True
    ).start()
    for each in followers:
      threading.Thread(
        target=_copy, args=(each, lines, over), daemon=True
      ).start()
    try:
      yield from _gathered(lines, len(followers))
    finally:
      over.set()
      for each in followers:
        each.stop()


def _finish(followers: Sequence[Follower], observer: Observer) -> None:
  """Ends following pods that are done and cannot end by themselves."""
  # Who gathers the lines hears of it, too.
  with contextlib.suppress(KerasRemoteError):
    for seen in observer.seen():
      if seen.parked:
        for each in followers:
          each.finish()
        return


def _copy(
  follower: Follower, lines: queue.Queue[_Item], over: threading.Event
) -> None:
  """Puts a worker's lines where they are gathered, and None at the end."""
  last: _Item = None
  try:
    for line in follower.lines():
      if not _put(lines, line, over):
        return
  except Exception as error:
    last = error
  _put(lines, last, over)


def _put(lines: queue.Queue[_Item], item: _Item, over: threading.Event) -> bool:
  """False where nobody gathers any more."""
  while not over.is_set():
    with contextlib.suppress(queue.Full):
      lines.put(item, timeout=1.0)
      return True
  return False


def _gathered(lines: queue.Queue[_Item], workers: int) -> Iterator[LogLine]:
  while workers:
    item = lines.get()
    if isinstance(item, Exception):
      raise item
    if item is None:
      workers -= 1
    else:
      yield item
