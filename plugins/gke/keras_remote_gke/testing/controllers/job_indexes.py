"""The indexes of an Indexed Job; pure."""

from __future__ import annotations

from collections.abc import Iterable

from keras_remote_gke.testing.control.objects import Object

INDEX = "batch.kubernetes.io/job-completion-index"


def index(pod: Object) -> int:
  return int(pod["metadata"]["annotations"][INDEX])


def parsed(text: str) -> set[int]:
  """The indexes of ``0-2,5``."""
  found: set[int] = set()
  for part in text.split(","):
    first, _, last = part.partition("-")
    if first:
      found.update(range(int(first), int(last or first) + 1))
  return found


def written(indexes: Iterable[int]) -> str:
  """Indexes as a Job's status has them: two are listed, more are a range."""
  runs: list[list[int]] = []
  for each in sorted(indexes):
    if runs and runs[-1][-1] == each - 1:
      runs[-1].append(each)
    else:
      runs.append([each])
  return ",".join(_run(each) for each in runs)


def _run(run: list[int]) -> str:
  if len(run) == 1:
    return str(run[0])
  return f"{run[0]}{',' if len(run) == 2 else '-'}{run[-1]}"
