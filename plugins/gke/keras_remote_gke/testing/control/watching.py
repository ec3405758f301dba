"""Watches: what happens to the objects of a kind, as it happens."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.selectors import Selection
from keras_remote_gke.testing.control.state import Change, Compacted, State
from keras_remote_gke.testing.control.statuses import expired

_LONGEST = 1800.0
_LOOK = 1.0
"""Seconds after which a silent watch sees whether its client is still there."""
_BOOKMARK = 60.0


def watch(
  state: State,
  resource: Resource,
  selected: Selection,
  query: Mapping[str, str],
) -> Iterator[bytes]:
  """The lines of a watch: first what is there, where no version is named."""
  end = time.monotonic() + _seconds(query)
  version = int(query.get("resourceVersion") or 0)
  if not version:
    with state.lock:
      version, present = state.version, state.all(resource, selected.space)
    for each in present:
      if selected.takes(each):
        yield _line("ADDED", each)
  bookmarks = query.get("allowWatchBookmarks", "").lower() in ("true", "1")
  yield from _follow(state, resource, selected, version, end, bookmarks)


def _follow(
  state: State,
  resource: Resource,
  selected: Selection,
  version: int,
  end: float,
  bookmarks: bool,
) -> Iterator[bytes]:
  marked = time.monotonic()
  while not state.closed:
    try:
      with state.lock:
        changes, latest = state.since(resource, version), state.version
    except Compacted:
      yield _line("ERROR", expired(version, state.version).status)
      return
    for change in changes:
      yield from _seen(change, selected)
    version = max(version, latest)
    left = end - time.monotonic()
    if bookmarks and (left <= 0 or time.monotonic() - marked > _BOOKMARK):
      marked = time.monotonic()
      yield _bookmark(resource, version)
    if left <= 0:
      return
    if not state.wait(version, min(left, _LOOK)):
      yield b""


def _seen(change: Change, selected: Selection) -> Iterator[bytes]:
  """A change as a selector sees it: objects come into it and leave it."""
  before, after = selected.takes(change.before), selected.takes(change.object)
  if change.type == "DELETED":
    if before:
      yield _line("DELETED", change.object)
  elif after:
    yield _line("MODIFIED" if before else "ADDED", change.object)
  elif before:
    yield _line("DELETED", change.object)


def _seconds(query: Mapping[str, str]) -> float:
  asked = float(query.get("timeoutSeconds") or 0)
  return asked or random.uniform(_LONGEST, 2 * _LONGEST)


def _bookmark(resource: Resource, version: int) -> bytes:
  return _line(
    "BOOKMARK",
    {
      "kind": resource.kind,
      "apiVersion": resource.api_version,
      "metadata": {"resourceVersion": str(version)},
    },
  )


def _line(kind: str, item: Object) -> bytes:
  event: dict[str, Any] = {"type": kind, "object": item}
  return json.dumps(event, separators=(",", ":")).encode() + b"\n"
