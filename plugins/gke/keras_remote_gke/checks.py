"""What ``keras-remote doctor`` looks at on the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras_remote_core import choosing, concurrency, opening, planning
from keras_remote_core.model import CheckResult
from keras_remote_core.providers import BackendProvider
from keras_remote_gke import node_pools, preparing
from keras_remote_gke.backend import GkeBackend
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.settings import GkeSettings
from keras_remote_gke.site import Site

NEEDED = (
  ("create", "jobs", "batch"),
  ("get", "jobs", "batch"),
  ("list", "jobs", "batch"),
  ("watch", "jobs", "batch"),
  ("delete", "jobs", "batch"),
  ("list", "pods", ""),
  ("watch", "pods", ""),
  ("get", "pods/log", ""),
  ("list", "events", ""),
  ("watch", "events", ""),
  ("get", "configmaps", ""),
  ("create", "configmaps", ""),
  ("get", "secrets", ""),
  ("create", "secrets", ""),
  ("patch", "secrets", ""),
  ("delete", "secrets", ""),
)
_PARALLEL = 8
NOWHERE = CheckResult(ok=True, message="not looked at: no project is set")


def cluster() -> CheckResult:
  """Whether the cluster answers, and which it is."""
  site = _site()
  if site is None:
    return NOWHERE
  version = site.api.get("/version")["gitVersion"]
  host = site.api.client.configuration.host
  return CheckResult(ok=True, message=f"Kubernetes {version} at {host}")


def permissions() -> CheckResult:
  """Whether this account may do all that a job takes, and see the namespace."""
  site = _site()
  if site is None:
    return NOWHERE
  return allowed(site, NEEDED)


def allowed(site: Site, needed: Sequence[tuple[str, str, str]]) -> CheckResult:
  """Whether this account may do what is needed.

  Args:
    needed: verbs, resources and API groups.
  """
  with concurrency.pool(_PARALLEL) as pool:
    answers = pool.map(lambda each: preparing.may(site, *each), needed)
    missing = [
      f"{verb} {resource}"
      for (verb, resource, _), yes in zip(needed, answers, strict=True)
      if not yes
    ]
  if not missing:
    return CheckResult(
      ok=True, message=f"all verbs in namespace {site.paths.namespace}"
    )
  return CheckResult(
    ok=False,
    message=f"this account may not {', '.join(missing)} in namespace"
    f" {site.paths.namespace}",
    remedy="have roles/container.developer granted to it, or a Role with"
    " these verbs",
  )


def pools() -> CheckResult:
  """Whether the cluster has nodes for the accelerator that is set."""
  site = _site()
  if site is None:
    return NOWHERE
  if site.description is None:
    told = "not looked at: a kubeconfig tells nothing of node pools"
    return CheckResult(ok=True, message=told)
  told = f"pools: {node_pools.describe(site.description)}"
  if node_pools.makes_its_own(site.description):
    return CheckResult(ok=True, message=f"{told}; others are made on demand")
  opener = opening.here()
  name = opener.asked.core.value.accelerator
  resources = planning.parse_accelerator(name, opener.registry)
  if found := node_pools.fitting(site.description, resources):
    return CheckResult(
      ok=True, message=f"{told}; {name} runs on {', '.join(found)}"
    )
  return CheckResult(
    ok=False,
    message=f"{told}; none has {name}",
    remedy=f"keras-remote pool add --accelerator {name}",
  )


def service_account() -> CheckResult:
  """Whether the service account that jobs act as is there."""
  site = _site()
  if site is None:
    return NOWHERE
  name = _settings().service_account or "default"
  try:
    site.api.get(f"{site.paths.service_accounts}/{name}")
  except ClusterError as error:
    if error.status != 404:
      raise
    return CheckResult(
      ok=False,
      message=f"namespace {site.paths.namespace} has no service account"
      f" {name!r}",
      remedy=f"kubectl create serviceaccount {name} --namespace"
      f" {site.paths.namespace}",
    )
  return CheckResult(ok=True, message=name)


def _site() -> Site | None:
  """The configured cluster; None where nothing says which it is."""
  opener = opening.here()
  if opener.asked.core.value.project is None and not _settings().kubeconfig:
    return None
  backend = opener.backend("gke", opener.default_store(_provider()))
  assert isinstance(backend, GkeBackend)
  return backend.site()


def _settings() -> GkeSettings:
  found = choosing.settings_of(_provider(), opening.here().asked)
  assert isinstance(found, GkeSettings)
  return found


def _provider() -> BackendProvider[Any]:
  found = opening.here().registry.provider("backend", "gke")
  assert isinstance(found, BackendProvider)
  return found
