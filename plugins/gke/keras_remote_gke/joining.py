"""Two records of the same lines, of which one goes on where the other ends."""

from __future__ import annotations

from collections.abc import Sequence

from keras_remote_core.model import LogLine


def after(
  longer: Sequence[LogLine], known: Sequence[LogLine]
) -> Sequence[LogLine]:
  """What ``longer`` has behind the last line of ``known``.

  Both begin with the job, unless the node has thrown the first lines of
  ``longer`` away: then the last line that looks the same counts.
  """
  if not known:
    return longer
  last, count = known[-1].text, len(known)
  if len(longer) >= count and longer[count - 1].text == last:
    return longer[count:]
  texts = [line.text for line in reversed(longer)]
  return longer[len(longer) - texts.index(last) :] if last in texts else ()
