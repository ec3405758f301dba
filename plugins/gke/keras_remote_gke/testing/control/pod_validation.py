"""What the API server refuses in a pod or a pod's template; pure."""

from __future__ import annotations

import posixpath
from typing import Any

from keras_remote_gke.testing.control import naming
from keras_remote_gke.testing.control.objects import Object, copied
from keras_remote_gke.testing.control.quantities import amount
from keras_remote_gke.testing.control.statuses import (
  Cause,
  absent,
  duplicate,
  not_allowed,
  not_supported,
  required,
  wrong,
)

_RESTARTS = ("Always", "OnFailure", "Never")
_PULLS = ("Always", "IfNotPresent", "Never")
_MESSAGES = ("File", "FallbackToLogsOnError")
_FIXED = (
  "pod updates may not change fields other than `spec.containers[*].image`,"
  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
  "`spec.tolerations` (only additions to existing tolerations),"
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
  " previously negative)"
)


def spec(field: str, item: Object) -> list[Cause]:
  volumes = [each.get("name") for each in item.get("volumes") or []]
  causes = _volumes(f"{field}.volumes", item.get("volumes") or [])
  if not item.get("containers"):
    causes.append(required(f"{field}.containers"))
  for kind in ("initContainers", "containers"):
    causes += _containers(f"{field}.{kind}", item.get(kind) or [], volumes)
  if item["restartPolicy"] not in _RESTARTS:
    causes.append(
      not_supported(f"{field}.restartPolicy", item["restartPolicy"], _RESTARTS)
    )
  if "hostname" in item:
    causes += naming.label(f"{field}.hostname", item["hostname"])
  return causes


def change(old: Object, new: Object) -> list[Cause]:
  if _fixed(old["spec"]) != _fixed(new["spec"]):
    return [not_allowed("spec", _FIXED)]
  return []


def _fixed(item: Object) -> Object:
  """The part of a pod's spec that stays as it was created."""
  kept: Object = copied(item)
  for key in ("activeDeadlineSeconds", "tolerations", "nodeName"):
    kept.pop(key, None)
  for kind in ("containers", "initContainers"):
    for each in kept.get(kind) or []:
      each.pop("image", None)
  return kept


def _volumes(field: str, items: list[Object]) -> list[Cause]:
  causes: list[Cause] = []
  seen: set[str] = set()
  for index, each in enumerate(items):
    at, name = f"{field}[{index}].name", each.get("name", "")
    causes += naming.label(at, name) if name else [required(at)]
    if name in seen:
      causes.append(duplicate(at, name))
    seen.add(name)
  return causes


def _containers(
  field: str, items: list[Object], volumes: list[Any]
) -> list[Cause]:
  causes: list[Cause] = []
  seen: set[str] = set()
  for index, each in enumerate(items):
    at, name = f"{field}[{index}]", each.get("name", "")
    causes += (
      naming.label(f"{at}.name", name) if name else [required(f"{at}.name")]
    )
    if name in seen:
      causes.append(duplicate(f"{at}.name", name))
    seen.add(name)
    causes += _container(at, each, volumes)
  return causes


def _container(at: str, item: Object, volumes: list[Any]) -> list[Cause]:
  causes = [] if item.get("image") else [required(f"{at}.image")]
  for key, known in (
    ("imagePullPolicy", _PULLS),
    ("terminationMessagePolicy", _MESSAGES),
  ):
    if item[key] not in known:
      causes.append(not_supported(f"{at}.{key}", item[key], known))
  for index, each in enumerate(item.get("env") or []):
    causes += _variable(f"{at}.env[{index}]", each)
  mounts = item.get("volumeMounts") or []
  return [
    *causes,
    *_mounts(f"{at}.volumeMounts", mounts, volumes),
    *_resources(f"{at}.resources", item["resources"]),
  ]


def _variable(at: str, item: Object) -> list[Cause]:
  if not item.get("name"):
    return [required(f"{at}.name")]
  if item.get("value") and item.get("valueFrom"):
    told = "may not be specified when `value` is not empty"
    return [wrong(f"{at}.valueFrom", "", told)]
  return []


def _mounts(field: str, items: list[Object], volumes: list[Any]) -> list[Cause]:
  causes = []
  seen = set()
  for index, each in enumerate(items):
    at, path = f"{field}[{index}]", each.get("mountPath", "")
    if not path:
      causes.append(required(f"{at}.mountPath"))
    if each.get("name") not in volumes:
      causes.append(absent(f"{at}.name", each.get("name", "")))
    where = posixpath.normpath(path)
    if where in seen:
      told = f'Invalid value: "{path}": must be unique'
      causes.append(Cause("FieldValueInvalid", f"{at}.mountPath", told))
    seen.add(where)
  return causes


def _resources(field: str, item: Object) -> list[Cause]:
  limits, requests = item.get("limits") or {}, item.get("requests") or {}
  causes = []
  for key, value in requests.items():
    at = f"{field}.requests"
    if key in limits and amount(value) > amount(limits[key]):
      told = f"must be less than or equal to {key} limit of {limits[key]}"
      causes.append(wrong(at, value, told))
    elif "/" in key and limits.get(key) is None:
      told = "Limit must be set for non overcommitable resources"
      causes.append(Cause("FieldValueRequired", f"{field}.limits", told))
    elif "/" in key and amount(value) != amount(limits[key]):
      told = f"must be equal to {key} limit of {limits[key]}"
      causes.append(wrong(at, value, told))
  return causes
