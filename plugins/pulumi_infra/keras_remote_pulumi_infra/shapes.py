"""What a node pool is to Google Kubernetes Engine, as a value; pure."""

from __future__ import annotations

from attrs import frozen

from keras_remote_core.model import Accelerator

FLEX_START_SECONDS = 7 * 86400
"""How long a machine that was had by flex-start stays, at most."""


@frozen(kw_only=True)
class PoolShape:
  """One node pool, decided to the last detail.

  Args:
    accelerator: what a job on it has, on all machines together.
    machine_type: as Compute Engine names it.
    accelerator_type: what GKE labels its nodes with; None without one.
    accelerator_count: TPU chips or GPUs of one machine.
    tpu_topology: of a slice of several machines, which come and go together.
    policy_topology: of the workload policy by which its machines are placed,
      where they take one.
    min_nodes: what stays while nothing runs.
    max_nodes: the most there can be.
    taints: keys and values that keep other pods away, besides those that GKE
      sets for accelerators.
    disk_type: of the boot disk; None where GKE's usual one can be had.
    disk_gb: of the boot disk, which images and scratch files share.
    driver: which of NVIDIA's drivers GKE installs; None without GPUs.
    reservation: ``NAME``, or ``projects/PROJECT/reservations/NAME``.
  """

  name: str
  accelerator: Accelerator
  machine_type: str
  accelerator_type: str | None
  accelerator_count: int
  tpu_topology: str | None
  policy_topology: str | None
  min_nodes: int
  max_nodes: int
  taints: tuple[tuple[str, str], ...]
  disk_type: str | None
  disk_gb: int
  driver: str | None
  spot: bool
  flex_start: bool
  reservation: str | None

  @property
  def atomic(self) -> bool:
    """Whether all its machines come and go together."""
    return self.tpu_topology is not None
