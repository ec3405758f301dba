"""What is in etcd: objects by name, versions, and what happened lately.

An object that is in here is never changed in place: whoever reads one may keep
it.
"""

from __future__ import annotations

import itertools
import threading
from typing import Literal

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  copied,
  name,
  namespace,
)
from keras_remote_gke.testing.control.resources import Resource

_KEPT = 20_000


@frozen
class Change:
  """One entry of the history; ``before`` is what the object was until then."""

  version: int
  type: Literal["ADDED", "MODIFIED", "DELETED"]
  object: Object
  before: Object | None = None


class Compacted(Exception):
  """The history does not reach back that far."""


class State:
  """All objects of a cluster.

  Attributes:
    lock: held for longer where several steps belong together.
    version: of the latest change.
    closed: no more waiting; the cluster ends.
  """

  def __init__(self) -> None:
    self.lock = threading.RLock()
    self.version = 1000
    self.closed = False
    self._changed = threading.Condition(self.lock)
    self._objects: dict[str, dict[tuple[str, str], Object]] = {}
    self._history: dict[str, list[Change]] = {}
    self._oldest: dict[str, int] = {}

  def get(self, resource: Resource, space: str, title: str) -> Object | None:
    with self.lock:
      return self._of(resource).get((space, title))

  def all(self, resource: Resource, space: str = "") -> list[Object]:
    """Every object of a kind, or of one namespace, in etcd's order."""
    with self.lock:
      known = self._of(resource)
      keys = [key for key in known if not space or key[0] == space]
      return [known[key] for key in sorted(keys)]

  def everything(self) -> list[tuple[str, Object]]:
    """All objects, each with its resource's qualified name."""
    with self.lock:
      return [
        (kind, item)
        for kind, known in self._objects.items()
        for item in known.values()
      ]

  def put(self, resource: Resource, item: Object) -> Object:
    """Writes an object under a new version, unless nothing would change."""
    with self.lock:
      known, key = self._of(resource), (namespace(item), name(item))
      before = known.get(key)
      made: Object = copied(item)
      if before is not None:
        made["metadata"]["resourceVersion"] = before["metadata"][
          "resourceVersion"
        ]
        if made == before:
          return before
      known[key] = self._versioned(made)
      self._note(resource, "MODIFIED" if before else "ADDED", made, before)
      return made

  def drop(self, resource: Resource, item: Object) -> None:
    with self.lock:
      before = self._of(resource).pop((namespace(item), name(item)))
      self._note(resource, "DELETED", self._versioned(copied(before)), before)

  def since(self, resource: Resource, version: int) -> list[Change]:
    """What happened after a version.

    Raises:
      Compacted: nobody knows any more.
    """
    with self.lock:
      if version < self._oldest.get(resource.qualified, 0):
        raise Compacted
      recent = reversed(self._history.get(resource.qualified, []))
      newer = itertools.takewhile(lambda each: each.version > version, recent)
      return list(newer)[::-1]

  def compact(self) -> None:
    """Forgets the history, as etcd does every few minutes."""
    with self.lock:
      self._history.clear()
      for kind in self._objects:
        self._oldest[kind] = self.version

  def wait(self, version: int, seconds: float | None) -> bool:
    """Waits for a change after a version; False where none came in time."""
    with self._changed:
      return self._changed.wait_for(
        lambda: self.closed or self.version > version, seconds
      )

  def close(self) -> None:
    with self._changed:
      self.closed = True
      self._changed.notify_all()

  def _of(self, resource: Resource) -> dict[tuple[str, str], Object]:
    return self._objects.setdefault(resource.qualified, {})

  def _versioned(self, item: Object) -> Object:
    self.version += 1
    item["metadata"]["resourceVersion"] = str(self.version)
    return item

  def _note(
    self,
    resource: Resource,
    kind: Literal["ADDED", "MODIFIED", "DELETED"],
    item: Object,
    before: Object | None,
  ) -> None:
    history = self._history.setdefault(resource.qualified, [])
    history.append(Change(self.version, kind, item, before))
    if len(history) > _KEPT:
      self._oldest[resource.qualified] = history[_KEPT // 2 - 1].version
      del history[: _KEPT // 2]
    self._changed.notify_all()
