"""GKE's labels of GPUs and the machine types that have them.

Labels and machines: GKE's cluster autoscaler, which is public. What can be
attached to N1: the Compute Engine documentation, "GPU machine types"; custom
types stand for the most that it allows.
"""

from __future__ import annotations

from collections.abc import Mapping

from keras_remote_gke.hardware import Machine, Model


def _machine(name: str, chips: int, cpus: int, memory: int) -> Machine:
  return Machine(name=name, chips=chips, cpus=cpus, memory=memory)


def _gpu(label: str, *machines: Machine, arm: bool = False) -> Model:
  return Model(label=label, machines=machines, arm=arm)


_ON_N1 = {
  "t4": _gpu(
    "nvidia-tesla-t4",
    _machine("n1-standard-4", 1, 4, 15),
    _machine("custom-48-319488", 1, 48, 312),
    _machine("n1-standard-8", 2, 8, 30),
    _machine("custom-48-319488", 2, 48, 312),
    _machine("n1-standard-16", 4, 16, 60),
    _machine("n1-highmem-96", 4, 96, 624),
  ),
  "p4": _gpu(
    "nvidia-tesla-p4",
    _machine("n1-standard-4", 1, 4, 15),
    _machine("custom-24-159744", 1, 24, 156),
    _machine("n1-standard-8", 2, 8, 30),
    _machine("custom-48-319488", 2, 48, 312),
    _machine("n1-standard-16", 4, 16, 60),
    _machine("n1-highmem-96", 4, 96, 624),
  ),
  "p100": _gpu(
    "nvidia-tesla-p100",
    _machine("n1-standard-8", 1, 8, 30),
    _machine("n1-highmem-16", 1, 16, 104),
    _machine("n1-standard-16", 2, 16, 60),
    _machine("n1-highmem-32", 2, 32, 208),
    _machine("n1-standard-32", 4, 32, 120),
    _machine("n1-highmem-96", 4, 96, 624),
  ),
  "v100": _gpu(
    "nvidia-tesla-v100",
    _machine("n1-standard-8", 1, 8, 30),
    _machine("custom-12-79872", 1, 12, 78),
    _machine("n1-standard-16", 2, 16, 60),
    _machine("custom-24-159744", 2, 24, 156),
    _machine("n1-standard-32", 4, 32, 120),
    _machine("custom-48-319488", 4, 48, 312),
    _machine("n1-standard-64", 8, 64, 240),
    _machine("n1-highmem-96", 8, 96, 624),
  ),
}

_WITH_MACHINES_OF_THEIR_OWN = {
  "l4": _gpu(
    "nvidia-l4",
    _machine("g2-standard-4", 1, 4, 16),
    _machine("g2-standard-8", 1, 8, 32),
    _machine("g2-standard-12", 1, 12, 48),
    _machine("g2-standard-16", 1, 16, 64),
    _machine("g2-standard-32", 1, 32, 128),
    _machine("g2-standard-24", 2, 24, 96),
    _machine("g2-standard-48", 4, 48, 192),
    _machine("g2-standard-96", 8, 96, 384),
  ),
  "a100": _gpu(
    "nvidia-tesla-a100",
    _machine("a2-highgpu-1g", 1, 12, 85),
    _machine("a2-highgpu-2g", 2, 24, 170),
    _machine("a2-highgpu-4g", 4, 48, 340),
    _machine("a2-highgpu-8g", 8, 96, 680),
    _machine("a2-megagpu-16g", 16, 96, 1360),
  ),
  "a100-80gb": _gpu(
    "nvidia-a100-80gb",
    _machine("a2-ultragpu-1g", 1, 12, 170),
    _machine("a2-ultragpu-2g", 2, 24, 340),
    _machine("a2-ultragpu-4g", 4, 48, 680),
    _machine("a2-ultragpu-8g", 8, 96, 1360),
  ),
  "h100": _gpu(
    "nvidia-h100-80gb",
    _machine("a3-highgpu-1g", 1, 26, 234),
    _machine("a3-highgpu-2g", 2, 52, 468),
    _machine("a3-highgpu-4g", 4, 104, 936),
    _machine("a3-highgpu-8g", 8, 208, 1872),
    _machine("a3-edgegpu-8g", 8, 208, 1872),
  ),
  "h100-mega": _gpu(
    "nvidia-h100-mega-80gb", _machine("a3-megagpu-8g", 8, 208, 1872)
  ),
  "h200": _gpu("nvidia-h200-141gb", _machine("a3-ultragpu-8g", 8, 224, 2952)),
  "b200": _gpu("nvidia-b200", _machine("a4-highgpu-8g", 8, 224, 3968)),
  "gb200": _gpu(
    "nvidia-gb200", _machine("a4x-highgpu-4g", 4, 140, 884), arm=True
  ),
  "gb300": _gpu(
    "nvidia-gb300", _machine("a4x-maxgpu-4g-metal", 4, 144, 960), arm=True
  ),
  "rtx-pro-6000": _gpu(
    "nvidia-rtx-pro-6000",
    _machine("g4-standard-48", 1, 48, 180),
    _machine("g4-standard-96", 2, 96, 360),
    _machine("g4-standard-192", 4, 192, 720),
    _machine("g4-standard-384", 8, 384, 1440),
  ),
}

GPUS: Mapping[str, Model] = {**_ON_N1, **_WITH_MACHINES_OF_THEIR_OWN}
"""By the family's name."""
