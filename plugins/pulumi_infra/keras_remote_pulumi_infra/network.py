"""The network that a cluster's machines are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Resource

PODS, SERVICES = "pods", "services"
# Room for 4096 machines, a whole pod of TPUs among them, of 64 pods each. No
# other network is connected, so that the ranges can be anybody's.
_MACHINE_RANGE = "10.0.0.0/20"
_POD_RANGE = "10.8.0.0/13"
_SERVICE_RANGE = "10.0.16.0/20"


@frozen(kw_only=True)
class Joined:
  """A network, as a cluster names it.

  Args:
    own: whether it has the ranges of ours.
    needed: what lets machines reach the internet.
  """

  network: Any
  subnetwork: Any
  own: bool
  needed: tuple[Any, ...] = ()


def joined(config: InfraConfig, after: Sequence[Resource]) -> Joined:
  """The network that was named, or one of the cluster's own."""
  if config.network is not None:
    return Joined(
      network=config.network, subnetwork=config.subnetwork, own=False
    )
  return _made(config, after)


def _made(config: InfraConfig, after: Sequence[Resource]) -> Joined:
  from pulumi import ResourceOptions
  from pulumi_gcp import compute

  network = compute.Network(
    "network",
    project=config.project,
    name=names.network(config),
    auto_create_subnetworks=False,
    opts=ResourceOptions(depends_on=after),
  )
  subnetwork = compute.Subnetwork(
    "subnetwork",
    project=config.project,
    name=names.network(config),
    region=config.region,
    network=network.id,
    ip_cidr_range=_MACHINE_RANGE,
    secondary_ip_ranges=[
      compute.SubnetworkSecondaryIpRangeArgs(
        range_name=name, ip_cidr_range=addresses
      )
      for name, addresses in ((PODS, _POD_RANGE), (SERVICES, _SERVICE_RANGE))
    ],
    private_ip_google_access=True,
  )
  return Joined(
    network=network.id,
    subnetwork=subnetwork.id,
    own=True,
    needed=(_way_out(config, network.id),),
  )


def _way_out(config: InfraConfig, network: Any) -> Any:
  """Lets machines without addresses of their own fetch images and packages."""
  from pulumi_gcp import compute

  router = compute.Router(
    "router",
    project=config.project,
    name=names.network(config),
    region=config.region,
    network=network,
  )
  return compute.RouterNat(
    "nat",
    project=config.project,
    name=names.network(config),
    region=config.region,
    router=router.name,
    nat_ip_allocate_option="AUTO_ONLY",
    source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
  )
