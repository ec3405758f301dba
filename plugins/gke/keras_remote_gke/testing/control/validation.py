"""What the API server refuses in an object beyond its schema; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_gke.testing.control import (
  custom,
  job_validation,
  naming,
  pod_validation,
)
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import (
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  CONFIG_MAPS,
  JOBS,
  NAMESPACES,
  PODS,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICES,
  Resource,
)
from keras_remote_gke.testing.control.statuses import (
  Cause,
  not_allowed,
  required,
  too_long,
  wrong,
)

_NAMES = {
  CLUSTER_ROLES: naming.path_segment,
  CLUSTER_ROLE_BINDINGS: naming.path_segment,
  NAMESPACES: naming.label,
  ROLES: naming.path_segment,
  ROLE_BINDINGS: naming.path_segment,
  SERVICES: naming.dns_1035,
}
_LARGEST = 1024 * 1024
_IMMUTABLE = "field is immutable"
_IMMUTABLE_WHEN = "field is immutable when `immutable` is set"


def of_new(resource: Resource, item: Object) -> list[Cause]:
  """What is wrong with an object about to be created."""
  return [*metadata(resource, item), *_content(resource, item)]


def of_change(resource: Resource, old: Object, new: Object) -> list[Cause]:
  """What is wrong with a change of an object."""
  causes = [*metadata(resource, new)]
  if not resource.typed:
    return [*causes, *custom.causes(resource, new)]
  if resource == JOBS:
    return [*causes, *job_validation.change(old, new)]
  if resource == PODS:
    return [*causes, *pod_validation.change(old, new)]
  if resource in (CONFIG_MAPS, SECRETS):
    causes += [*_content(resource, new), *_frozen(old, new)]
  if resource == SECRETS and old.get("type") != new.get("type"):
    causes.append(wrong("type", new.get("type"), _IMMUTABLE))
  return causes


def metadata(resource: Resource, item: Object) -> list[Cause]:
  about = item["metadata"]
  check = _NAMES.get(resource, naming.subdomain)
  name = about.get("name")
  if not name:
    detail = "name or generateName is required"
    return [required("metadata.name", detail)]
  return [
    *check("metadata.name", name),
    *naming.label_values("metadata.labels", about.get("labels") or {}),
    *naming.annotation_keys(
      "metadata.annotations", about.get("annotations") or {}
    ),
    *_owners(about.get("ownerReferences") or []),
  ]


def _owners(references: list[Object]) -> list[Cause]:
  causes = []
  for each in references:
    for key in ("apiVersion", "kind", "name", "uid"):
      if not each.get(key):
        told = "must not be empty"
        causes.append(
          wrong(f"metadata.ownerReferences.{key}", each.get(key, ""), told)
        )
  return causes


def _content(resource: Resource, item: Object) -> list[Cause]:
  if not resource.typed:
    return custom.causes(resource, item)
  if resource == JOBS:
    return job_validation.job(item)
  if resource == PODS:
    return pod_validation.spec("spec", item["spec"])
  if resource in (CONFIG_MAPS, SECRETS):
    return _data(resource, item)
  return []


def _data(resource: Resource, item: Object) -> list[Cause]:
  """What is wrong with the values of a ConfigMap or a Secret."""
  size = sum(
    _size(value, encoded)
    for key, encoded in (
      ("data", resource == SECRETS),
      ("binaryData", True),
    )
    for value in (item.get(key) or {}).values()
  )
  if size <= _LARGEST:
    return []
  return [too_long("data" if resource == SECRETS else "", _LARGEST)]


def _size(value: Any, encoded: bool) -> int:
  text = str(value)
  if encoded:
    return len(text) * 3 // 4 - text.count("=")
  return len(text.encode())


def _frozen(old: Object, new: Object) -> list[Cause]:
  if not old.get("immutable"):
    return []
  causes = []
  if not new.get("immutable"):
    causes.append(not_allowed("immutable", _IMMUTABLE_WHEN))
  causes += [
    not_allowed(key, _IMMUTABLE_WHEN)
    for key in ("data", "binaryData")
    if old.get(key) != new.get(key)
  ]
  return causes
