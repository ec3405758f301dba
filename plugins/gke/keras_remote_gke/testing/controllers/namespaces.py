"""What a namespace has from its beginning, and what its end takes along."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from keras_remote_gke.testing.control.deleting import identity
from keras_remote_gke.testing.control.objects import (
  Object,
  deleting,
  name,
  namespace,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import (
  CONFIG_MAPS,
  NAMESPACES,
  SERVICE_ACCOUNTS,
  Resource,
)
from keras_remote_gke.testing.control.statuses import Refused

ROOT = "kube-root-ca.crt"


class NamespaceController:
  """Furnishes namespaces, and empties those that are deleted.

  Args:
    resources: all kinds there are.
    certificate: the PEM that every pod finds.
  """

  def __init__(
    self, registry: Registry, resources: Sequence[Resource], certificate: str
  ) -> None:
    self._registry, self._certificate = registry, certificate
    self._resources = [each for each in resources if each.namespaced]

  def sync(self) -> None:
    for each in self._registry.state.all(NAMESPACES):
      if deleting(each):
        self._empty(each)
      else:
        self.furnish(name(each))

  def furnish(self, space: str) -> None:
    """Creates what every namespace has, where it is not there."""
    self._ensure(SERVICE_ACCOUNTS, space, "default", {})
    data = {"data": {"ca.crt": self._certificate}}
    self._ensure(CONFIG_MAPS, space, ROOT, data)

  def _ensure(
    self, resource: Resource, space: str, title: str, body: Object
  ) -> None:
    if self._registry.state.get(resource, space, title) is None:
      about = {"name": title, "namespace": space}
      with contextlib.suppress(Refused):
        self._registry.create(resource, {"metadata": about, **body})

  def _empty(self, item: Object) -> None:
    """Deletes what is in a namespace; once nothing is, lets it go."""
    left = [
      (resource, each)
      for resource in self._resources
      for each in self._registry.state.all(resource, name(item))
    ]
    for resource, each in left:
      if not deleting(each):
        with contextlib.suppress(Refused):
          self._registry.delete(
            resource, namespace(each), name(each), identity(each)
          )
    if not left:
      self._registry.update(NAMESPACES, "", name(item), _finalized)


def _finalized(item: Object) -> Object:
  return {**item, "spec": {**item["spec"], "finalizers": []}}
