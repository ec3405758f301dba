"""Machines of Compute Engine and the accelerators they have."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Machine:
  """A machine type.

  Args:
    cpus: virtual ones.
    memory: in Google's GB, which are of 2**30 bytes.
    chips: TPU chips or GPUs.
  """

  name: str
  cpus: int
  memory: int
  chips: int


@frozen(kw_only=True)
class Model:
  """What GKE has of an accelerator.

  Args:
    label: what its nodes carry.
    machines: all that have it; those of equal chips smallest first.
    topology: of its largest machine, for TPUs.
    flex_start: whether it can be had for up to seven days by flex-start.
    arm: whether its machines have Arm processors.
  """

  label: str
  machines: tuple[Machine, ...]
  topology: str | None = None
  flex_start: bool = True
  arm: bool = False
