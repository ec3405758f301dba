"""GKE's labels of TPUs and the machine types that have them.

Labels, machines and what flex-start gives out: GKE's cluster autoscaler, which
is public.
"""

from __future__ import annotations

from collections.abc import Mapping

from keras_remote_gke.hardware import Machine, Model


def _machine(name: str, chips: int, cpus: int, memory: int) -> Machine:
  return Machine(name=name, chips=chips, cpus=cpus, memory=memory)


def _tpu(
  label: str, topology: str, *machines: Machine, flex_start: bool = True
) -> Model:
  return Model(
    label=label,
    machines=machines,
    topology=topology,
    flex_start=flex_start,
  )


TPUS: Mapping[str, Model] = {
  "v3": _tpu(
    "tpu-v3-device",
    "2x2",
    _machine("ct3-hightpu-4t", 4, 96, 340),
    flex_start=False,
  ),
  "v3-slice": _tpu(
    "tpu-v3-slice",
    "2x2",
    _machine("ct3p-hightpu-4t", 4, 48, 340),
    flex_start=False,
  ),
  "v4": _tpu(
    "tpu-v4-podslice",
    "2x2x1",
    _machine("ct4p-hightpu-4t", 4, 240, 407),
    flex_start=False,
  ),
  "v5e": _tpu(
    "tpu-v5-lite-podslice",
    "2x4",
    _machine("ct5lp-hightpu-1t", 1, 24, 48),
    _machine("ct5lp-hightpu-4t", 4, 112, 192),
    _machine("ct5lp-hightpu-8t", 8, 224, 384),
  ),
  "v5p": _tpu(
    "tpu-v5p-slice", "2x2x1", _machine("ct5p-hightpu-4t", 4, 208, 448)
  ),
  "v6e": _tpu(
    "tpu-v6e-slice",
    "2x4",
    _machine("ct6e-standard-1t", 1, 44, 176),
    _machine("ct6e-standard-4t", 4, 180, 720),
    _machine("ct6e-standard-8t", 8, 180, 1440),
  ),
  "tpu7x": _tpu(
    "tpu7x",
    "2x2x1",
    _machine("tpu7x-standard-1t", 1, 56, 248),
    _machine("tpu7x-standard-4t", 4, 224, 992),
  ),
  "tpu7": _tpu(
    "tpu7",
    "2x2x1",
    _machine("tpu7-standard-1t", 1, 56, 240),
    _machine("tpu7-standard-4t", 4, 224, 960),
  ),
}
"""By the family's name; slices of v3 have one of their own."""
