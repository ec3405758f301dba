"""What is wanted on Google Cloud, as one value."""

from __future__ import annotations

from attrs import frozen

CONTROLLERS = ("lws", "jobset", "kueue")
"""What can be installed inside the cluster; the first one is by default."""


@frozen(kw_only=True)
class PoolConfig:
  """One node pool with an accelerator.

  A slice of several machines is a pool of its own, so that two slices are two
  pools.

  Args:
    accelerator: the canonical name, such as ``"v6e-4x4"`` or ``"a100x4"``.
    machine_type: one of those that have it; None for the smallest.
    min_nodes: machines that are kept, and paid for, while nothing runs.
    max_nodes: the most that there may be; None for one job's worth.
    reservation: ``NAME``, or ``projects/PROJECT/reservations/NAME``.
  """

  name: str
  accelerator: str
  machine_type: str | None = None
  spot: bool = False
  flex_start: bool = False
  reservation: str | None = None
  min_nodes: int = 0
  max_nodes: int | None = None


@frozen(kw_only=True)
class InfraConfig:
  """All that one cluster's stack is made of.

  Args:
    location: the cluster's own: a zone, or a region.
    node_zone: the zone of the node pools.
    adopt: the cluster is there already, and belongs to somebody else: only
      what is missing beside and inside it is made.
    service_account: the Kubernetes service account that jobs act as.
    network: an existing one to join; None for one of the cluster's own.
    cpu_machine_type: of the pool for jobs without an accelerator.
    cpu_max_nodes: the most of them.
    auto_provisioning: whether the cluster makes pools for what pods ask for.
    controllers: of ``CONTROLLERS``.
  """

  project: str
  location: str
  node_zone: str
  cluster: str
  adopt: bool = False
  namespace: str = "default"
  service_account: str = "keras-remote"
  network: str | None = None
  subnetwork: str | None = None
  cpu_machine_type: str = "e2-standard-4"
  cpu_max_nodes: int = 8
  auto_provisioning: bool = False
  controllers: tuple[str, ...] = CONTROLLERS[:1]
  pools: tuple[PoolConfig, ...] = ()
