"""What the other hosts of a job printed last, when one of them failed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable

from keras_remote_core import concurrency
from keras_remote_core.model import JobHandle
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys

_LINES, _HOSTS = 5, 8


def notes(store: ArtifactStore, handle: JobHandle, failed: int) -> list[str]:
  """Which host failed, and a text for each of the first few that said something.

  Nothing of a job with one host.
  """
  if handle.processes == 1:
    return []
  others = [each for each in range(handle.processes) if each != failed][:_HOSTS]

  def note(host: int) -> str:
    lines = _last_lines(store, handle, host)
    return "\n  ".join([f"host {host} printed last:", *lines]) if lines else ""

  told = [each for each in concurrency.each(note, others) if each]
  return [f"on host {failed} of {handle.processes}", *told]


def add(error: BaseException, told: Iterable[str]) -> None:
  """Attaches them to an exception, where it lets itself be told."""
  with contextlib.suppress(Exception):
    for each in told:
      error.add_note(each)


def _last_lines(
  store: ArtifactStore, handle: JobHandle, host: int
) -> list[str]:
  """Of what the store has; anybody may have written it, so it is only text."""
  last = handle.attempts - 1
  place = keys.host(handle.job_id, 0, last, host)
  chunks = [each.key for each in store.list(f"{place}/logs/")]
  if not chunks:
    return []
  try:
    lines = store.read(chunks[-1]).splitlines()[-_LINES:]
    return [str(json.loads(each)[1]) for each in lines]
  except (FileNotFoundError, LookupError, TypeError, ValueError):
    return []
