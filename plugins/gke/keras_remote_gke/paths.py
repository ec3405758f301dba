"""Where objects lie in the Kubernetes API; pure."""

from __future__ import annotations

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
  def config_maps(self) -> str:
    return self._core("configmaps")

  @property
  def events(self) -> str:
    return self._core("events")

  @property
  def service_accounts(self) -> str:
    return self._core("serviceaccounts")

  def _core(self, kind: str) -> str:
    return f"/api/v1/namespaces/{self.namespace}/{kind}"
