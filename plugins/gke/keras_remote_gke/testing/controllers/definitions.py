"""What the API server does of a CustomResourceDefinition: it serves its kind."""

from __future__ import annotations

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  name,
  now,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import DEFINITIONS, Resource

_REASONS = {
  "NamesAccepted": ("NoConflicts", "no conflicts found"),
  "Established": ("InitialNamesAccepted", "the initial names are accepted"),
}


class DefinitionController:
  """Establishes definitions.

  Args:
    resources: all kinds there are, which new ones join.
  """

  watched = (DEFINITIONS,)

  def __init__(self, registry: Registry, resources: list[Resource]) -> None:
    self._registry, self._resources = registry, resources
    self._served: dict[str, Resource] = {}

  def sync(self) -> None:
    found = {name(each): each for each in self._registry.state.all(DEFINITIONS)}
    for title, each in found.items():
      if not condition(each, "Established"):
        self._serve(title, _kind(each))
        self._registry.update(
          DEFINITIONS, "", title, _established, part="status"
        )
    for title in self._served.keys() - found:
      self._stop(self._served.pop(title))

  def _serve(self, title: str, kind: Resource) -> None:
    served = [(each.group, each.plural) for each in self._resources]
    if (kind.group, kind.plural) not in served:
      self._resources.append(kind)
      self._served[title] = kind

  def _stop(self, kind: Resource) -> None:
    """Serves a kind no more, of which no object is left."""
    state = self._registry.state
    with state.lock:
      self._resources.remove(kind)
      for each in state.all(kind):
        state.drop(kind, each)


def _kind(item: Object) -> Resource:
  spec = item["spec"]
  version = next(each for each in spec["versions"] if each.get("storage"))
  return Resource(
    group=spec["group"],
    version=version["name"],
    kind=spec["names"]["kind"],
    plural=spec["names"]["plural"],
    short=tuple(spec["names"].get("shortNames") or ()),
    namespaced=spec["scope"] == "Namespaced",
    typed=False,
    status="status" in (version.get("subresources") or {}),
    generation=True,
  )


def _established(item: Object) -> Object:
  conditions = [
    {
      "type": kind,
      "status": "True",
      "reason": reason,
      "message": message,
      "lastTransitionTime": now(),
    }
    for kind, (reason, message) in _REASONS.items()
  ]
  names = item["spec"]["names"]
  status = {"conditions": conditions, "acceptedNames": names}
  return {**item, "status": status}
