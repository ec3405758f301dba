"""How a cluster grows: pools of its own making, and how soon they go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_remote_gke import machines
from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Input

# Idle machines go as soon as what is left on them fits elsewhere.
_PROFILE = "OPTIMIZE_UTILIZATION"
# What a cluster may add by itself, however many jobs ask for it.
_MOST = {"cpu": 10_000, "memory": 40_000}
_MOST_CHIPS = 256


def limits() -> dict[str, int]:
  """The most of each resource; memory in GB, accelerators by GKE's labels."""
  labels = {each.label for each in machines.MODELS.values()}
  return {**_MOST, **dict.fromkeys(sorted(labels), _MOST_CHIPS)}


def args(config: InfraConfig, node_account: Input[str]) -> Any:
  """The part of a cluster that says so."""
  from pulumi_gcp import container

  if not config.auto_provisioning:
    return container.ClusterClusterAutoscalingArgs(
      enabled=False, autoscaling_profile=_PROFILE
    )
  return container.ClusterClusterAutoscalingArgs(
    enabled=True,
    autoscaling_profile=_PROFILE,
    auto_provisioning_locations=[config.node_zone],
    auto_provisioning_defaults=_defaults(node_account),
    resource_limits=[
      container.ClusterClusterAutoscalingResourceLimitArgs(
        resource_type=name, maximum=most
      )
      for name, most in limits().items()
    ],
  )


def _defaults(node_account: Input[str]) -> Any:
  from pulumi_gcp import container

  management = (
    container.ClusterClusterAutoscalingAutoProvisioningDefaultsManagementArgs(
      auto_repair=True, auto_upgrade=True
    )
  )
  return container.ClusterClusterAutoscalingAutoProvisioningDefaultsArgs(
    service_account=node_account,
    oauth_scopes=names.SCOPES,
    management=management,
  )
