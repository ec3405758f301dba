"""What a pod waits for, as ``@run`` would name it; pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from keras_remote_gke import machines
from keras_remote_gke.pods import Pod

TPU = "cloud.google.com/gke-tpu-accelerator"
GPU = "cloud.google.com/gke-accelerator"
SPOT = "cloud.google.com/gke-spot"
_TOPOLOGY = "cloud.google.com/gke-tpu-topology"


def selector(pod: Pod) -> Mapping[str, str]:
  """The labels of the nodes that would do."""
  return pod["spec"].get("nodeSelector") or {}


def options(pod: Pod) -> str:
  """What ``keras-remote pool add`` takes for a pool that has such nodes."""
  spot = " --spot" if SPOT in selector(pod) else ""
  return f"--accelerator {accelerator(pod)}{spot}"


def accelerator(pod: Pod) -> str:
  """Its name, such as ``"v6e-4x4"``; ``"cpu"`` where it asks for none."""
  labels = selector(pod)
  if TPU in labels:
    return _slice(_family(labels[TPU]), labels.get(_TOPOLOGY, ""), pod)
  if GPU in labels:
    family, count = _family(labels[GPU]), _amount(pod, "nvidia.com/gpu")
    return f"{family}x{count}" if count > 1 else family
  return "cpu"


def _slice(family: str, topology: str, pod: Pod) -> str:
  name = f"{family}-{topology}"
  found = machines.MODELS.get(family)
  chips = math.prod(map(int, topology.split("x"))) if topology else 0
  each = _amount(pod, "google.com/tpu")
  # A size of one machine is also had on several, where the pod asks for less.
  single = found is not None and found.topology == topology
  return f"{name}:hosts={chips // each}" if single and each < chips else name


def _family(label: str) -> str:
  """The family whose nodes carry a label; the label where none is known."""
  for name, model in machines.MODELS.items():
    if model.label == label:
      return name.removesuffix("-slice")
  return label


def _amount(pod: Pod, resource: str) -> int:
  return max(
    (
      int(each.get("resources", {}).get("limits", {}).get(resource, 1))
      for each in pod["spec"].get("containers", ())
    ),
    default=1,
  )
