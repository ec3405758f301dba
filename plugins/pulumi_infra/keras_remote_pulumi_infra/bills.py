"""What a machine is billed by; pure.

Names: the descriptions of SKUs in Google's public catalog,
https://cloud.google.com/skus. What is not known to be billed in a certain way
has no parts here, and so no price.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import frozen

from keras_remote_gke import machines
from keras_remote_gke.hardware import Machine
from keras_remote_pulumi_infra.shapes import PoolShape

HOUR, GIB_HOUR = "h", "GiBy.h"


@frozen(kw_only=True)
class Part:
  """Something that a machine has a number of, each at one rate.

  Args:
    names: what it is called in descriptions of SKUs; any of them.
    groups: the SKU's resource group; any of them.
    unit: what the rate is for.
  """

  names: tuple[str, ...]
  groups: tuple[str, ...]
  unit: str
  count: int


# A chip is billed with its share of the machine.
_TPUS = {"v5e": "V5e", "v5p": "V5p", "v6e": "V6e"}
_SERIES: Mapping[str, tuple[str, ...]] = {
  "a2-": ("A2 Instance",),
  "a3-highgpu-": ("A3 Instance",),
  "a3-megagpu-": ("A3Plus Instance",),
  "a3-ultragpu-": ("A3Ultra Instance", "A3 Ultra Instance"),
  "e2-": ("E2 Instance",),
  "g2-": ("G2 Instance",),
  "g4-": ("G4 Instance",),
  "n1-": ("N1 Predefined Instance",),
  "n2-": ("N2 Instance",),
}
"""By how the machine type begins: what its CPUs and memory are called."""
_GPUS: Mapping[str, tuple[str, ...]] = {
  "a100": ("Nvidia Tesla A100 GPU",),
  "a100-80gb": ("Nvidia Tesla A100 80GB GPU", "Nvidia A100 80GB GPU"),
  "h100": ("Nvidia H100 80GB GPU",),
  "h100-mega": (
    "Nvidia H100 80GB Mega GPU",
    "Nvidia H100 Mega 80GB GPU",
    "Nvidia H100 80GB Plus GPU",
  ),
  "h200": ("H200 141GB GPU", "Nvidia H200 141GB GPU"),
  "l4": ("Nvidia L4 GPU",),
  "p100": ("Nvidia Tesla P100 GPU",),
  "p4": ("Nvidia Tesla P4 GPU",),
  "rtx-pro-6000": ("RTX 6000 96GB",),
  "t4": ("Nvidia Tesla T4 GPU",),
  "v100": ("Nvidia Tesla V100 GPU",),
}
# Each GPU is billed with its share of the machine.
_SLICES = {"b200": "A4 Nvidia B200 (1 gpu slice)"}
_PLAIN = re.compile(r"(?:e2|n2)-standard-(\d+)")
_GB_PER_CPU = 4


def parts(shape: PoolShape) -> tuple[Part, ...] | None:
  """What one machine of a pool is billed by; None where that is not known.

  Machines of a reservation are paid for as it says, whether they run or not.
  """
  family = shape.accelerator.family
  if shape.reservation:
    return None
  if family in _TPUS:
    name = _TPUS[family] if shape.flex_start else f"Tpu{_TPUS[family]}"
    return (_chips((name,), "TPU", shape.accelerator_count),)
  if shape.flex_start:
    return None
  if family in _SLICES:
    return (_chips((_SLICES[family],), "GPU", shape.accelerator_count),)
  return _with_machine(shape, _machine(shape))


def _with_machine(
  shape: PoolShape, machine: Machine | None
) -> tuple[Part, ...] | None:
  series = next(
    (s for start, s in _SERIES.items() if shape.machine_type.startswith(start)),
    None,
  )
  gpus = _GPUS.get(shape.accelerator.family)
  if series is None or machine is None or (machine.chips and gpus is None):
    return None
  cores = Part(
    names=tuple(f"{each} Core" for each in series),
    groups=("CPU", "N1Standard"),
    unit=HOUR,
    count=machine.cpus,
  )
  memory = Part(
    names=tuple(f"{each} Ram" for each in series),
    groups=("RAM", "N1Standard"),
    unit=GIB_HOUR,
    count=machine.memory,
  )
  chips = (_chips(gpus, "GPU", machine.chips),) if gpus else ()
  return (cores, memory, *chips)


def _chips(names: tuple[str, ...], group: str, count: int) -> Part:
  return Part(names=names, groups=(group,), unit=HOUR, count=count)


def _machine(shape: PoolShape) -> Machine | None:
  """The machine with its CPUs and its memory; None where neither is known."""
  for each in machines.machine_types(shape.accelerator):
    if each.name == shape.machine_type:
      return each
  plain = _PLAIN.fullmatch(shape.machine_type)
  if plain is None or shape.accelerator_count:
    return None
  cpus = int(plain[1])
  return Machine(
    name=shape.machine_type, cpus=cpus, memory=_GB_PER_CPU * cpus, chips=0
  )
