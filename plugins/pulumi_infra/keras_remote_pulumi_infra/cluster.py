"""The cluster: one of our own, or one that was there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from keras_remote_pulumi_infra import auto_provisioning, names, network
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.network import Joined

if TYPE_CHECKING:
  from pulumi import Input, Resource

_CHANNEL = "REGULAR"
_PODS_PER_MACHINE = 64
# What jobs print is in their bucket already; more of either is paid for.
_OBSERVED = ["SYSTEM_COMPONENTS"]


@frozen(kw_only=True)
class Cluster:
  """A cluster, as its node pools name it.

  Args:
    name: known once it is there.
    node_account: whom its machines act as, by email.
    needed: what has to be there before machines can be.
  """

  name: Any
  node_account: Any
  needed: tuple[Any, ...] = ()


def made(
  config: InfraConfig,
  joined: Joined,
  node_account: Input[str],
  after: Sequence[Resource],
) -> Cluster:
  """A cluster whose machines have no addresses of their own."""
  from pulumi import ResourceOptions
  from pulumi_gcp import container

  made = container.Cluster(
    "cluster",
    project=config.project,
    name=config.cluster,
    location=config.location,
    node_locations=_zones(config),
    resource_labels=names.LABELS,
    # Its command asks for the name; a second lock would only be in the way.
    deletion_protection=False,
    release_channel=container.ClusterReleaseChannelArgs(channel=_CHANNEL),
    workload_identity_config=container.ClusterWorkloadIdentityConfigArgs(
      workload_pool=names.identity_pool(config)
    ),
    enable_shielded_nodes=True,
    cluster_autoscaling=auto_provisioning.args(config, node_account),
    **_first_pool(node_account),
    **_networking(joined),
    **_observing(),
    opts=ResourceOptions(depends_on=after, ignore_changes=["node_config"]),
  )
  return Cluster(
    name=made.name, node_account=node_account, needed=(made, *joined.needed)
  )


def _zones(config: InfraConfig) -> list[str] | None:
  """Of a region, the one zone whose machines jobs use."""
  regional = config.location == config.region
  return [config.node_zone] if regional else None


def _first_pool(node_account: Input[str]) -> dict[str, Any]:
  """What every cluster begins with, and loses at once.

  Not even for that time does a machine act as the project's own account.
  """
  from pulumi_gcp import container

  return {
    "initial_node_count": 1,
    "remove_default_node_pool": True,
    "node_config": container.ClusterNodeConfigArgs(
      service_account=node_account
    ),
    "node_pool_defaults": container.ClusterNodePoolDefaultsArgs(
      node_config_defaults=container.ClusterNodePoolDefaultsNodeConfigDefaultsArgs(
        gcfs_config=container.ClusterNodePoolDefaultsNodeConfigDefaultsGcfsConfigArgs(
          enabled=True
        )
      )
    ),
  }


def _networking(joined: Joined) -> dict[str, Any]:
  from pulumi_gcp import container

  ranges = (
    container.ClusterIpAllocationPolicyArgs(
      cluster_secondary_range_name=network.PODS,
      services_secondary_range_name=network.SERVICES,
    )
    if joined.own
    else container.ClusterIpAllocationPolicyArgs()
  )
  # By its name the API is reached from anywhere, by whoever IAM lets in.
  dns = container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
    allow_external_traffic=True
  )
  return {
    "network": joined.network,
    "subnetwork": joined.subnetwork,
    "networking_mode": "VPC_NATIVE",
    "default_max_pods_per_node": _PODS_PER_MACHINE,
    "ip_allocation_policy": ranges,
    "private_cluster_config": container.ClusterPrivateClusterConfigArgs(
      enable_private_nodes=True
    ),
    "control_plane_endpoints_config": (
      container.ClusterControlPlaneEndpointsConfigArgs(dns_endpoint_config=dns)
    ),
  }


def _observing() -> dict[str, Any]:
  from pulumi_gcp import container

  return {
    "logging_config": container.ClusterLoggingConfigArgs(
      enable_components=_OBSERVED
    ),
    "monitoring_config": container.ClusterMonitoringConfigArgs(
      enable_components=_OBSERVED,
      managed_prometheus=container.ClusterMonitoringConfigManagedPrometheusArgs(
        enabled=False
      ),
    ),
  }
