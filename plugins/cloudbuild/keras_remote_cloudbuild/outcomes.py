"""What the end of a build means; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from keras_remote_cloudbuild.errors import BuildFailed

if TYPE_CHECKING:
  from google.cloud.devtools.cloudbuild_v1 import Build

_LINES = 20
ENDED = frozenset(
  (
    "SUCCESS",
    "FAILURE",
    "INTERNAL_ERROR",
    "TIMEOUT",
    "CANCELLED",
    "EXPIRED",
  )
)


@frozen
class _Meaning:
  words: str
  remedy: str


_MEANINGS = {
  "FAILURE": _Meaning(
    "failed", "correct the requirements, or the packages in apt="
  ),
  "INTERNAL_ERROR": _Meaning("broke down inside Cloud Build", "try again"),
  "TIMEOUT": _Meaning(
    "ran past its time limit", "export KERAS_REMOTE_CLOUDBUILD_TIMEOUT=2h"
  ),
  "CANCELLED": _Meaning("was cancelled", "run it again"),
  "EXPIRED": _Meaning(
    "waited too long for a machine", "export KERAS_REMOTE_CLOUDBUILD_REGION=…"
  ),
}


def failure(build: Build, log: str) -> BuildFailed:
  """The error of a build that ended without success.

  Args:
    log: all that the build wrote.
  """
  meaning = _MEANINGS[build.status.name]
  step = _failed_step(build)
  where = f" in the step {build.steps[step].id!r}" if step is not None else ""
  detail = f": {build.status_detail}" if build.status_detail else ""
  return BuildFailed(
    f"the build {build.id} {meaning.words}{where}{detail}",
    lines=_last_lines(log.splitlines(), step),
    url=build.log_url,
    remedy=meaning.remedy,
  )


def _failed_step(build: Build) -> int | None:
  ended = ("FAILURE", "TIMEOUT", "INTERNAL_ERROR")
  found = (
    index for index, step in enumerate(build.steps) if step.status.name in ended
  )
  return next(found, None)


def _last_lines(lines: Sequence[str], step: int | None) -> tuple[str, ...]:
  """The last lines of a step; of all, where none of its own are known."""
  own = [each for each in lines if each.startswith(f"Step #{step}")]
  return tuple((own or lines)[-_LINES:])
