"""How long a Job's next pod has to wait; pure but for its memory."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

_FIRST, _LONGEST = 10.0, 600.0


class Backoff:
  """The failures of one Job since a pod of it last succeeded."""

  def __init__(self) -> None:
    self._failures = 0
    self._last = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    self._seen: set[str] = set()

  def note(
    self,
    succeeded: Iterable[str],
    failed: Iterable[tuple[str, datetime.datetime]],
  ) -> None:
    """Takes in the pods that have ended: their uids, and when they failed."""
    new = [each for each in failed if each[0] not in self._seen]
    successes = set(succeeded) - self._seen
    self._seen |= {each for each, _ in new} | successes
    if successes:
      self._failures = 0
    self._failures += len(new)
    self._last = max([self._last, *(moment for _, moment in new)])

  def left(self, scale: float) -> float:
    """Seconds from now on, where a second takes ``scale`` of one."""
    if not self._failures:
      return 0.0
    whole = min(_FIRST * 2.0 ** (self._failures - 1), _LONGEST) * scale
    passed = datetime.datetime.now(datetime.UTC) - self._last
    return max(0.0, whole - passed.total_seconds())
