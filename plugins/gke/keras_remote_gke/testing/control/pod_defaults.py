"""What the API server fills in where a pod or a template says nothing; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.quantities import amount, canonical

_MODE = 0o644


def pod_spec(spec: Object) -> None:
  """Fills in a pod's spec, in place."""
  for key, value in {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "securityContext": {},
    "schedulerName": "default-scheduler",
  }.items():
    spec.setdefault(key, value)
  if account := spec.get("serviceAccountName"):
    spec.setdefault("serviceAccount", account)
  for each in containers(spec):
    _container(each)
  for each in spec.get("volumes") or []:
    _volume(each)


def containers(spec: Object) -> list[Object]:
  """Init containers, then containers."""
  return [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]


def _container(item: Object) -> None:
  for key, value in {
    "resources": {},
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "imagePullPolicy": pull_policy(item.get("image", "")),
  }.items():
    item.setdefault(key, value)
  _resources(item["resources"])
  for port in item.get("ports") or []:
    port.setdefault("protocol", "TCP")
  for variable in item.get("env") or []:
    _variable(variable)


def _resources(item: Object) -> None:
  for side in ("limits", "requests"):
    for key, value in (item.get(side) or {}).items():
      item[side][key] = canonical(value)
  if item.get("limits"):
    item["requests"] = {**item["limits"], **(item.get("requests") or {})}


def pull_policy(image: str) -> str:
  tag = image.rpartition("/")[2].partition(":")[2]
  fixed = "@" in image or tag not in ("", "latest")
  return "IfNotPresent" if fixed else "Always"


def _variable(item: Object) -> None:
  reference = (item.get("valueFrom") or {}).get("fieldRef")
  if reference is not None:
    reference.setdefault("apiVersion", "v1")


def _volume(item: Object) -> None:
  if not set(item) - {"name"}:
    item["emptyDir"] = {}
  for kind in ("configMap", "secret", "projected", "downwardAPI"):
    if isinstance(item.get(kind), dict):
      item[kind].setdefault("defaultMode", _MODE)
  for source in (item.get("projected") or {}).get("sources") or []:
    if token := source.get("serviceAccountToken"):
      token.setdefault("expirationSeconds", 3600)


def quality(spec: Object) -> str:
  """The pod's quality-of-service class."""
  asked = [_limits(each) for each in containers(spec)]
  if not any(requests or limits for requests, limits in asked):
    return "BestEffort"
  if all(
    set(limits) == {"cpu", "memory"} and requests == limits
    for requests, limits in asked
  ):
    return "Guaranteed"
  return "Burstable"


def _limits(item: Object) -> tuple[dict[str, Any], dict[str, Any]]:
  """A container's requests and limits of what decides its quality."""
  resources = item.get("resources") or {}
  requests, limits = (
    {
      key: amount(value)
      for key, value in (resources.get(side) or {}).items()
      if key in ("cpu", "memory")
    }
    for side in ("requests", "limits")
  )
  return requests, limits
