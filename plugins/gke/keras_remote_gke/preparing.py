"""What would keep a job from starting, found before anything is paid for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras_remote_core import concurrency
from keras_remote_core.errors import NoBackend
from keras_remote_core.model import Plan
from keras_remote_gke import node_pools
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.settings import GkeSettings
from keras_remote_gke.site import Site

_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def check(site: Site, plan: Plan, settings: GkeSettings) -> None:
  """Looks for the namespace, the permission and nodes of the kind.

  Raises:
    ClusterError: the namespace is absent, or this account may not use it.
    NoBackend: the cluster has no such nodes, and would not make any.
  """
  _check_nodes(site.description, plan, settings)
  with concurrency.pool(2) as pool:
    group, _, _ = site.paths.group.partition("/")
    allowed = pool.submit(may, site, "create", site.paths.plural, group)
    namespace = pool.submit(_check_namespace, site)
    namespace.result()
  if not allowed.result():
    raise ClusterError(
      f"this account may not create {site.paths.plural} in namespace"
      f" {site.paths.namespace}",
      status=403,
      reason="Forbidden",
      remedy="have roles/container.developer granted to it; keras-remote"
      " doctor lists what is missing",
    )


def may(site: Site, verb: str, resource: str, group: str = "") -> bool:
  """Whether this account may do something in the namespace."""
  kind, _, part = resource.partition("/")
  attributes = {
    "namespace": site.paths.namespace,
    "verb": verb,
    "group": group,
    "resource": kind,
    **({"subresource": part} if part else {}),
  }
  review = {
    "apiVersion": "authorization.k8s.io/v1",
    "kind": "SelfSubjectAccessReview",
    "spec": {"resourceAttributes": attributes},
  }
  return bool(site.api.create(_REVIEWS, review)["status"]["allowed"])


def _check_namespace(site: Site) -> None:
  """Creates a Secret as a rehearsal, which takes a namespace like a real one."""
  secret = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"generateName": "keras-remote-rehearsal-"},
  }
  site.api.create(f"{site.paths.secrets}?dryRun=All", secret)


def _check_nodes(
  cluster: Mapping[str, Any] | None, plan: Plan, settings: GkeSettings
) -> None:
  others = (settings.compute_class, settings.queue, settings.node_pool)
  if cluster is None or "nodePools" not in cluster or any(others):
    return
  if node_pools.makes_its_own(cluster):
    return
  if node_pools.fitting(cluster, plan.resources):
    return
  accelerator, spot = plan.resources.accelerator, plan.resources.spot
  wanted = f"{accelerator.name} on spot capacity" if spot else accelerator.name
  raise NoBackend(
    f"cluster {plan.place.cluster} has no node pool with {wanted}, so that the"
    f" job would wait for ever; its pools: {node_pools.describe(cluster)}",
    remedy=f"keras-remote pool add --accelerator {accelerator.name}"
    + (" --spot" if spot else ""),
  )
