"""The last lines of what ran beside the function, kept of a job that failed."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core.model import LogLine
from keras_remote_core.roles import ArtifactStore
from keras_remote_gke import evidence
from keras_remote_pathways import parts


def lines(store: ArtifactStore, job_id: str) -> Iterator[LogLine]:
  """Those of the head's companions and of workers, tagged by their part.

  When they were printed was not kept.
  """
  now = datetime.datetime.now(datetime.UTC)
  kept = evidence.read(store, job_id) or {}
  # Anybody who can write to the store may have written it.
  with contextlib.suppress(AttributeError, TypeError, ValueError):
    for pod in kept.get("pods", ()):
      for part, texts in _parts(pod):
        for text in texts:
          yield LogLine(worker=part, time=now, text=str(text))


def _parts(kept: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
  pod = {"metadata": {"labels": kept.get("labels", {})}}
  if parts.tag(pod) != parts.HEAD:
    yield parts.tag(pod), kept.get("lines", [])
  for container, texts in kept.get("beside", {}).items():
    yield parts.beside(container), texts
