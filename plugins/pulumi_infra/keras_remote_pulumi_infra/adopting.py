"""A cluster that was there, and what it has to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keras_remote_core.errors import UnsupportedByBackend
from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.cluster import Cluster
from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Input, Resource

_DEFAULT = "default"
"""What Google calls the account that a project came with."""


def check(config: InfraConfig, description: Mapping[str, Any]) -> None:
  """Compares a cluster, as the Container API describes it, with what jobs take.

  Raises:
    UnsupportedByBackend: jobs on it could not reach their bucket.
  """
  autopilot = description.get("autopilot", {}).get("enabled", False)
  pool = description.get("workloadIdentityConfig", {}).get("workloadPool")
  if not autopilot and pool != names.identity_pool(config):
    raise UnsupportedByBackend(
      f"cluster {config.cluster} has Workload Identity turned off, without"
      " which its jobs cannot be told from other programs, and may read no"
      " bucket",
      remedy=f"gcloud container clusters update {config.cluster}"
      f" --location={config.location} --project={config.project}"
      f" --workload-pool={names.identity_pool(config)}; then, for each pool that"
      " jobs are to use: gcloud container node-pools update POOL"
      f" --cluster={config.cluster} --location={config.location}"
      f" --project={config.project} --workload-metadata=GKE_METADATA",
    )
  if autopilot and config.pools:
    raise UnsupportedByBackend(
      f"cluster {config.cluster} is of the Autopilot kind, which makes all of"
      " its node pools by itself",
      remedy="leave pools out: jobs get machines there without any",
    )


def found(
  config: InfraConfig, number: Input[str], after: Sequence[Resource]
) -> Cluster:
  """The cluster, read and never changed.

  Args:
    number: the project's.
  """
  from pulumi import InvokeOutputOptions, Output
  from pulumi_gcp import container

  told = container.get_cluster_output(
    project=config.project,
    location=config.location,
    name=config.cluster,
    opts=InvokeOutputOptions(depends_on=after),
  )
  return Cluster(
    name=config.cluster,
    node_account=Output.all(told, number).apply(lambda both: _account(*both)),
    needed=tuple(after),
  )


def _account(told: Any, number: str) -> str:
  """Whom the machines of its first pool act as."""
  configs = told.node_configs or [
    config for pool in told.node_pools for config in pool.node_configs
  ]
  named = next((each.service_account for each in configs), _DEFAULT)
  if named != _DEFAULT:
    return str(named)
  return f"{number}-compute@developer.gserviceaccount.com"
