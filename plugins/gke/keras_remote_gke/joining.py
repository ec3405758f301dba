"""Two records of the same lines, of which one goes on where the other ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from keras_remote_core.model import LogLine

_CONTEXT = 100


def after(
  longer: Sequence[LogLine], known: Sequence[LogLine]
) -> Sequence[LogLine]:
  """What ``longer`` has behind the last line of ``known``.

  Both begin with the job, unless the node has thrown the first lines of
  ``longer`` away: then the place counts where most lines look the same.
  """
  if not known:
    return longer
  last, count = known[-1].text, len(known)
  ends = [at + 1 for at, line in enumerate(longer) if line.text == last]
  if not ends:
    return ()
  return longer[
    max(ends, key=lambda end: (_alike(longer[:end], known), end == count)) :
  ]


def _alike(one: Sequence[LogLine], other: Sequence[LogLine]) -> int:
  """How many lines at the ends of both are the same."""
  pairs = zip(reversed(one[-_CONTEXT:]), reversed(other), strict=False)
  same = itertools.takewhile(lambda pair: pair[0].text == pair[1].text, pairs)
  return sum(1 for _ in same)
