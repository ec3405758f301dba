"""What an accelerator is on GKE: labels, resources and machines; pure."""

from __future__ import annotations

from collections.abc import Mapping

from keras_remote_core.errors import UnsupportedByBackend
from keras_remote_core.model import Accelerator
from keras_remote_gke.gpu_machines import GPUS
from keras_remote_gke.hardware import Machine, Model
from keras_remote_gke.tpu_machines import TPUS

_TPU, _GPU = "google.com/tpu", "nvidia.com/gpu"
_LABELS = "cloud.google.com/gke"

MODELS: Mapping[str, Model] = {**TPUS, **GPUS}
"""All that GKE has, by the family's name; v3 has slices of their own."""

TPU_TYPES = frozenset(
  each.name for found in TPUS.values() for each in found.machines
)


def available(accelerator: Accelerator) -> bool:
  """Whether GKE has such machines at all."""
  return accelerator.family == "cpu" or _key(accelerator) in MODELS


def model(accelerator: Accelerator) -> Model | None:
  """What GKE has of an accelerator; None for machines without one.

  Raises:
    UnsupportedByBackend: it has nothing of this family.
  """
  if not available(accelerator):
    raise UnsupportedByBackend(
      f"GKE has no machines with {accelerator.name}",
      remedy="name another accelerator, or a backend that has this one;"
      " see: keras-remote accelerators",
    )
  return MODELS.get(_key(accelerator))


def selector(accelerator: Accelerator) -> dict[str, str]:
  """The labels of the nodes that have it."""
  found = model(accelerator)
  if found is None:
    return {}
  if accelerator.topology is None:
    return {f"{_LABELS}-accelerator": found.label}
  return {
    f"{_LABELS}-tpu-accelerator": found.label,
    f"{_LABELS}-tpu-topology": accelerator.topology,
  }


def resource(accelerator: Accelerator) -> tuple[str, int] | None:
  """The resource that each pod asks for, and how much of it.

  It tells a ``2x4`` on one machine from one on two, which labels do not.
  """
  if accelerator.kind == "cpu":
    return None
  name = _TPU if accelerator.kind == "tpu" else _GPU
  return name, accelerator.chips_per_host


def machine_types(accelerator: Accelerator) -> tuple[Machine, ...]:
  """The machines it comes in, smallest first; none where any would do."""
  found = model(accelerator)
  every = found.machines if found else ()
  wanted = accelerator.chips_per_host
  return tuple(each for each in every if each.chips == wanted)


def _key(accelerator: Accelerator) -> str:
  # Of v3 alone, slices are made of other machines than a single one.
  slices = accelerator.family == "v3" and accelerator.hosts > 1
  return "v3-slice" if slices else accelerator.family
