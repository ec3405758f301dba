"""Watches a build to its end, telling its log as it grows."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from keras_remote_cloudbuild.build_request import LOGS
from keras_remote_cloudbuild.builds import Builds
from keras_remote_cloudbuild.outcomes import ENDED, failure
from keras_remote_core.roles import ArtifactStore, Reporter

if TYPE_CHECKING:
  from google.cloud.devtools.cloudbuild_v1 import Build


class Log:
  """A build's log in the store; each line is told once."""

  def __init__(self, store: ArtifactStore, build_id: str) -> None:
    self._store, self._key = store, f"{LOGS}/log-{build_id}.txt"
    self._told = 0
    self.text = ""

  def tell(self, report: Reporter, whole: bool = False) -> None:
    """Tells what is new.

    Args:
      whole: also a last line that has no end, because no more will come.
    """
    with contextlib.suppress(FileNotFoundError):
      self.text = self._store.read(self._key).decode(errors="replace")
    end = len(self.text) if whole else self.text.rfind("\n") + 1
    for line in self.text[self._told : end].splitlines():
      report.note(f"build | {line}")
    self._told = max(end, self._told)


def follow(
  build: Build,
  builds: Builds,
  store: ArtifactStore,
  report: Reporter,
  renew: Callable[[], object],
  interval: float,
) -> None:
  """Waits for a build's success.

  Args:
    renew: called as long as the build goes on.
    interval: seconds between two looks.

  Raises:
    BuildFailed: it ended otherwise.
  """
  report.note(f"building: {build.log_url}")
  log = Log(store, build.id)
  while build.status.name not in ENDED:
    time.sleep(interval)
    renew()
    log.tell(report)
    build = builds.ask(build)
  log.tell(report, whole=True)
  if build.status.name != "SUCCESS":
    raise failure(build, log.text)
