"""Where objects lie in one cluster's API, by what it says of itself."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from keras_remote_gke.api import Api
from keras_remote_gke.errors import ClusterError
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside.values import Body

_DEFAULT = "default"


@frozen
class Kinds:
  """What a cluster serves, each group asked once; safe among threads."""

  api: Api
  _known: dict[str, Mapping[str, Any]] = field(init=False, factory=dict)
  _lock: threading.Lock = field(init=False, factory=threading.Lock)

  def path(self, body: Body) -> str | None:
    """Where an object is, or would be; None: its kind is not served."""
    about, version = body["metadata"], body["apiVersion"]
    kind = self._resources(version).get(body["kind"])
    if kind is None:
      return None
    space = about.get("namespace") or _DEFAULT
    within = f"/namespaces/{space}" if kind["namespaced"] else ""
    return f"{_root(version)}{within}/{kind['name']}/{about['name']}"

  def required(self, body: Body) -> str:
    """Where an object is to be made.

    Raises:
      InfraError: the cluster does not know its kind.
    """
    self.forget(body["apiVersion"])
    found = self.path(body)
    if found is None:
      raise InfraError(
        f"the cluster knows no {body['kind']} of {body['apiVersion']}, which"
        f" {body['metadata']['name']} is",
        remedy="update the cluster, then: keras-remote up",
      )
    return found

  def collection(self, version: str, plural: str) -> str | None:
    """Where all objects of a kind are; None: it is not served."""
    names = [each["name"] for each in self._resources(version).values()]
    return f"{_root(version)}/{plural}" if plural in names else None

  def forget(self, version: str) -> None:
    """Has a group asked again, for what was defined since may be of it."""
    with self._lock:
      if not self._known.get(version):
        self._known.pop(version, None)

  def _resources(self, version: str) -> Mapping[str, Any]:
    """What an API version serves, by its kind; without subresources."""
    with self._lock:
      if version not in self._known:
        self._known[version] = self._asked(version)
      return self._known[version]

  def _asked(self, version: str) -> Mapping[str, Any]:
    try:
      served = self.api.get(_root(version))["resources"]
    except ClusterError as error:
      if error.status != 404:
        raise
      return {}
    return {e["kind"]: e for e in served if "/" not in e["name"]}


def _root(version: str) -> str:
  return f"/apis/{version}" if "/" in version else f"/api/{version}"
