"""What the API server fills in of every other kind of object; pure."""

from __future__ import annotations

import base64
import itertools

from keras_remote_gke.testing.control import (
  custom,
  job_defaults,
  pod_defaults,
)
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import (
  JOBS,
  NAMESPACES,
  PODS,
  SECRETS,
  SERVICES,
  Resource,
)

_addresses = itertools.count(10)


def fill_in(resource: Resource, item: Object) -> None:
  """Fills in a new object, in place."""
  if not resource.typed:
    custom.fill_in(resource, item)
  elif resource == JOBS:
    job_defaults.job(item)
  elif resource == PODS:
    _pod(item)
  elif resource == SECRETS:
    item.setdefault("type", "Opaque")
  elif resource == SERVICES:
    _service(item)
  elif resource == NAMESPACES:
    item["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = (
      item["metadata"]["name"]
    )
    item["spec"] = {"finalizers": ["kubernetes"]}
    item["status"] = {"phase": "Active"}


def fold(resource: Resource, item: Object) -> None:
  """Moves what may only be written to where it is read."""
  if resource == SECRETS and "stringData" in item:
    written = item.pop("stringData") or {}
    data = item.setdefault("data", {})
    for key, value in written.items():
      data[key] = base64.b64encode(value.encode()).decode()


def _pod(item: Object) -> None:
  spec = item.setdefault("spec", {})
  pod_defaults.pod_spec(spec)
  spec.setdefault("enableServiceLinks", True)
  item["status"] = {"phase": "Pending", "qosClass": pod_defaults.quality(spec)}


def _service(item: Object) -> None:
  spec = item.setdefault("spec", {})
  address = spec.setdefault("clusterIP", f"34.118.224.{next(_addresses) % 250}")
  for key, value in {
    "clusterIPs": [address],
    "internalTrafficPolicy": "Cluster",
    "ipFamilies": ["IPv4"],
    "ipFamilyPolicy": "SingleStack",
    "sessionAffinity": "None",
    "type": "ClusterIP",
  }.items():
    spec.setdefault(key, value)
  for port in spec.get("ports") or []:
    port.setdefault("protocol", "TCP")
    port.setdefault("targetPort", port.get("port"))
  item["status"] = {"loadBalancer": {}}
