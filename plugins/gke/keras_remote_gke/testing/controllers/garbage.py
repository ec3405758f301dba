"""The garbage collector: what becomes of objects whose owners go."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Callable, Sequence

from keras_remote_gke.testing.control.deleting import (
  FOREGROUND,
  ORPHAN,
  identity,
)
from keras_remote_gke.testing.control.objects import (
  Object,
  deleting,
  finalizers,
  name,
  namespace,
  owners,
  uid,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.statuses import Refused

_Owned = list[tuple[Resource, Object]]


class GarbageCollector:
  """Deletes dependents, and lets owners go that wait for them.

  Args:
    resources: all kinds there are.
  """

  def __init__(self, registry: Registry, resources: list[Resource]) -> None:
    self._registry, self._resources = registry, resources

  def sync(self) -> None:
    with self._registry.state.lock:
      known = [
        (resource, each)
        for resource in self._resources
        for each in self._registry.state.all(resource)
      ]
    present = {uid(each) for _, each in known}
    owned: dict[str, _Owned] = collections.defaultdict(list)
    for resource, each in known:
      for owner in owners(each):
        owned[owner["uid"]].append((resource, each))
    for resource, each in known:
      if deleting(each):
        self._let_go(resource, each, owned[uid(each)])
      elif owners(each):
        self._collect(resource, each, present)

  def _collect(
    self, resource: Resource, item: Object, present: set[str]
  ) -> None:
    """Deletes an object that has no owner left."""
    if not any(each["uid"] in present for each in owners(item)):
      self._delete(resource, item)

  def _let_go(self, resource: Resource, item: Object, owned: _Owned) -> None:
    if ORPHAN in finalizers(item):
      for of, each in owned:
        self._disown(of, each, uid(item))
      self._drop_finalizer(resource, item, ORPHAN)
    if FOREGROUND in finalizers(item):
      for of, each in owned:
        if not deleting(each):
          self._delete(of, each)
      if not any(_blocks(each, uid(item)) for _, each in owned):
        self._drop_finalizer(resource, item, FOREGROUND)

  def _delete(self, resource: Resource, item: Object) -> None:
    with contextlib.suppress(Refused):
      self._registry.delete(
        resource, namespace(item), name(item), identity(item)
      )

  def _disown(self, resource: Resource, item: Object, owner: str) -> None:
    def disowned(new: Object) -> Object:
      left = [each for each in owners(new) if each["uid"] != owner]
      return _with_list(new, "ownerReferences", left)

    self._update(resource, item, disowned)

  def _drop_finalizer(
    self, resource: Resource, item: Object, finalizer: str
  ) -> None:
    def dropped(new: Object) -> Object:
      left = [each for each in finalizers(new) if each != finalizer]
      return _with_list(new, "finalizers", left)

    self._update(resource, item, dropped)

  def _update(
    self, resource: Resource, item: Object, change: Callable[[Object], Object]
  ) -> None:
    with contextlib.suppress(Refused):
      self._registry.update(resource, namespace(item), name(item), change)


def _blocks(item: Object, owner: str) -> bool:
  return any(
    each["uid"] == owner and each.get("blockOwnerDeletion")
    for each in owners(item)
  )


def _with_list(item: Object, key: str, values: Sequence[object]) -> Object:
  item["metadata"][key] = list(values)
  if not values:
    del item["metadata"][key]
  return item
