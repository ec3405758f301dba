"""Where objects lie in the Kubernetes API; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen


@frozen
class Paths:
  """The collections of one namespace.

  Args:
    group: the API group, with its version, of the objects that jobs become.
    plural: their kind, as paths name it.
  """

  namespace: str
  group: str = "batch/v1"
  plural: str = "jobs"

  @property
  def jobs(self) -> str:
    return f"/apis/{self.group}/namespaces/{self.namespace}/{self.plural}"

  @property
  def pods(self) -> str:
    return self._core("pods")

  @property
  def secrets(self) -> str:
    return self._core("secrets")

  @property
  def services(self) -> str:
    return self._core("services")

  @property
  def config_maps(self) -> str:
    return self._core("configmaps")

  @property
  def events(self) -> str:
    return self._core("events")

  @property
  def service_accounts(self) -> str:
    return self._core("serviceaccounts")

  @property
  def roles(self) -> str:
    return self._access("roles")

  @property
  def role_bindings(self) -> str:
    return self._access("rolebindings")

  def collection(self, body: Mapping[str, Any]) -> str:
    """Where an object of its kind is."""
    others = {
      "ConfigMap": self.config_maps,
      "Secret": self.secrets,
      "Service": self.services,
      "Role": self.roles,
      "RoleBinding": self.role_bindings,
    }
    return others.get(body["kind"], self.jobs)

  def _access(self, kind: str) -> str:
    group = "/apis/rbac.authorization.k8s.io/v1"
    return f"{group}/namespaces/{self.namespace}/{kind}"

  def _core(self, kind: str) -> str:
    return f"/api/v1/namespaces/{self.namespace}/{kind}"
