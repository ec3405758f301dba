"""The node pools, as they are made of their shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.cluster import Cluster
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.shapes import FLEX_START_SECONDS, PoolShape

_RESERVATION = "compute.googleapis.com/reservation-name"


def made(
  config: InfraConfig, cluster: Cluster, shapes: Iterable[PoolShape]
) -> None:
  """One pool for each shape."""
  for each in shapes:
    _made(config, cluster, each)


def _made(config: InfraConfig, cluster: Cluster, shape: PoolShape) -> None:
  from pulumi import ResourceOptions
  from pulumi_gcp import container

  container.NodePool(
    f"pool-{shape.name}",
    project=config.project,
    cluster=cluster.name,
    location=config.location,
    name=shape.name,
    node_locations=[config.node_zone],
    initial_node_count=shape.min_nodes,
    autoscaling=container.NodePoolAutoscalingArgs(
      total_min_node_count=shape.min_nodes,
      total_max_node_count=shape.max_nodes,
      location_policy="ANY",
    ),
    # Machines that stay for a week at most are replaced in place of repaired.
    management=container.NodePoolManagementArgs(
      auto_repair=not shape.flex_start, auto_upgrade=True
    ),
    upgrade_settings=_upgrades(shape),
    placement_policy=_placement(config, cluster, shape),
    node_config=_machine(cluster, shape),
    opts=ResourceOptions(
      depends_on=cluster.needed,
      # It is of the pool's first minute, and would replace the pool.
      ignore_changes=["initial_node_count"],
    ),
  )


def _upgrades(shape: PoolShape) -> Any:
  """Nobody has an accelerator to spare while another one is upgraded."""
  from pulumi_gcp import container

  if shape.accelerator_type is None or shape.flex_start:
    return None
  return container.NodePoolUpgradeSettingsArgs(max_surge=0, max_unavailable=1)


def _placement(config: InfraConfig, cluster: Cluster, shape: PoolShape) -> Any:
  from pulumi_gcp import container

  if shape.tpu_topology is None and shape.policy_topology is None:
    return None
  return container.NodePoolPlacementPolicyArgs(
    type="COMPACT",
    tpu_topology=shape.tpu_topology,
    policy_name=_policy(config, cluster, shape),
  )


def _policy(config: InfraConfig, cluster: Cluster, shape: PoolShape) -> Any:
  """What has the machines of one slice or partition placed together."""
  from pulumi import ResourceOptions
  from pulumi_gcp import compute

  if shape.policy_topology is None:
    return None
  made = compute.ResourcePolicy(
    f"policy-{shape.name}",
    project=config.project,
    region=config.region,
    name=names.policy(config, shape.name),
    workload_policy=compute.ResourcePolicyWorkloadPolicyArgs(
      type="HIGH_THROUGHPUT", accelerator_topology=shape.policy_topology
    ),
    opts=ResourceOptions(depends_on=cluster.needed),
  )
  return made.name


def _machine(cluster: Cluster, shape: PoolShape) -> Any:
  from pulumi_gcp import container

  return container.NodePoolNodeConfigArgs(
    machine_type=shape.machine_type,
    service_account=cluster.node_account,
    oauth_scopes=names.SCOPES,
    disk_type=shape.disk_type,
    disk_size_gb=shape.disk_gb,
    resource_labels=names.LABELS,
    spot=shape.spot,
    flex_start=shape.flex_start or None,
    max_run_duration=f"{FLEX_START_SECONDS}s" if shape.flex_start else None,
    reservation_affinity=_reservation(shape),
    guest_accelerators=_gpus(shape),
    taints=_taints(shape),
    # Images start before all of them has arrived.
    gcfs_config=container.NodePoolNodeConfigGcfsConfigArgs(enabled=True),
    workload_metadata_config=(
      container.NodePoolNodeConfigWorkloadMetadataConfigArgs(
        mode="GKE_METADATA"
      )
    ),
    shielded_instance_config=(
      container.NodePoolNodeConfigShieldedInstanceConfigArgs(
        enable_integrity_monitoring=True
      )
    ),
  )


def _reservation(shape: PoolShape) -> Any:
  from pulumi_gcp import container

  if shape.reservation is not None:
    return container.NodePoolNodeConfigReservationAffinityArgs(
      consume_reservation_type="SPECIFIC_RESERVATION",
      key=_RESERVATION,
      values=[shape.reservation],
    )
  if not shape.flex_start:
    return None
  return container.NodePoolNodeConfigReservationAffinityArgs(
    consume_reservation_type="NO_RESERVATION"
  )


def _gpus(shape: PoolShape) -> Any:
  from pulumi_gcp import container

  if shape.driver is None:
    return None
  driver = (
    container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(
      gpu_driver_version=shape.driver
    )
  )
  return [
    container.NodePoolNodeConfigGuestAcceleratorArgs(
      type=shape.accelerator_type,
      count=shape.accelerator_count,
      gpu_driver_installation_config=driver,
    )
  ]


def _taints(shape: PoolShape) -> Any:
  from pulumi_gcp import container

  return [
    container.NodePoolNodeConfigTaintArgs(
      key=key, value=value, effect="NO_SCHEDULE"
    )
    for key, value in shape.taints
  ]
