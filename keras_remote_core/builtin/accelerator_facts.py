"""The accelerators that come with the core: neutral facts, no cloud's labels."""

from __future__ import annotations

from keras_remote_core.accelerators import CpuFamily, Family, GpuFamily
from keras_remote_core.tpu_slices import Slice, TpuFamily


def _slices(topologies: str) -> tuple[Slice, ...]:
  return tuple(map(Slice, topologies.split()))


# Topologies and machines: the Cloud TPU documentation's page on each generation
# and GKE's "Plan TPUs". The cluster autoscaler of GKE, which is public, has the
# same shapes.

# Machines come with 1, 4 or 8 chips, so eight chips are one machine or two.
_LITE = (
  *_slices("1x1 2x2"),
  Slice("2x4", hosts=1),
  *_slices("2x4 4x4 4x8 8x8 8x16 16x16"),
)

# The first of several with as many chips is the one Google's own name means:
# the most cubic, but for the whole pod of 9216 chips.
_CUBOIDS = _slices(
  "2x2x1 2x2x2 2x2x4 2x4x4 4x4x4 4x4x8 4x4x12 4x8x8 8x8x8 8x8x12 8x8x16 "
  "8x16x16 16x16x16 16x16x24 16x16x36"
)


def _cuboids(cubes: int) -> tuple[Slice, ...]:
  return tuple(each for each in _CUBOIDS if each.chips <= 64 * cubes)


# Device memory: the Cloud TPU documentation's table of each generation. Google
# counts cores in the names of generations whose chips have two.
_TPUS = (
  # Kept so that its names get a clear answer.
  TpuFamily(name="v2", title="TPU v2", cores_per_chip=2, slices=()),
  # 32x32 is the whole pod.
  TpuFamily(
    name="v3",
    title="TPU v3",
    memory=32,
    cores_per_chip=2,
    slices=_slices("2x2 4x4 4x8 8x8 8x16 16x16 16x32 32x32"),
  ),
  TpuFamily(
    name="v4",
    title="TPU v4",
    memory=32,
    cores_per_chip=2,
    slices=_cuboids(64),
    cubes=64,
  ),
  TpuFamily(
    name="v5e",
    title="TPU v5e",
    memory=16,
    aliases=("v5litepod",),
    cores_per_chip=1,
    slices=_LITE,
  ),
  # The pod has 140 cubes, of which one job can have 96.
  TpuFamily(
    name="v5p",
    title="TPU v5p",
    memory=95,
    cores_per_chip=2,
    slices=_cuboids(96),
    cubes=96,
  ),
  TpuFamily(
    name="v6e",
    title="TPU v6e (Trillium)",
    memory=32,
    aliases=("trillium",),
    cores_per_chip=1,
    slices=_LITE,
  ),
  TpuFamily(
    name="tpu7x",
    title="TPU7x (Ironwood)",
    memory=192,
    aliases=("v7x", "ironwood"),
    cores_per_chip=2,
    slices=(*_slices("1x1x1"), *_cuboids(144)),
    cubes=144,
  ),
  TpuFamily(
    name="tpu7",
    title="TPU7",
    cores_per_chip=2,
    slices=(*_slices("1x1x1"), *_cuboids(4)),
    cubes=4,
  ),
)


def _gpu(
  name: str, title: str, memory: int, counts: tuple[int, ...], *aliases: str
) -> GpuFamily:
  return GpuFamily(
    name=name,
    title=f"NVIDIA {title}",
    memory=memory,
    counts=counts,
    aliases=aliases,
  )


# Counts per machine and memory per GPU: the Compute Engine documentation's "GPU
# machine types" and "Accelerator-optimized machine family". Shares of a GPU are
# left out.
_GPUS = (
  GpuFamily(name="k80", title="NVIDIA K80", counts=()),  # As v2 above.
  _gpu("t4", "T4", 16, (1, 2, 4)),
  _gpu("p4", "P4", 8, (1, 2, 4)),
  _gpu("p100", "P100", 16, (1, 2, 4)),
  _gpu("v100", "V100", 16, (1, 2, 4, 8)),
  _gpu("l4", "L4", 24, (1, 2, 4, 8)),
  _gpu("a100", "A100 40 GB", 40, (1, 2, 4, 8, 16), "a100-40gb", "a100-40"),
  _gpu("a100-80gb", "A100 80 GB", 80, (1, 2, 4, 8), "a100-80"),
  _gpu("h100", "H100", 80, (1, 2, 4, 8), "h100-80gb", "h100-80"),
  _gpu("h100-mega", "H100 Mega", 80, (8,), "h100-mega-80gb"),
  _gpu("h200", "H200", 141, (8,), "h200-141gb"),
  _gpu("b200", "B200", 180, (8,)),
  _gpu("gb200", "GB200", 186, (4,)),
  _gpu("gb300", "GB300", 279, (4,)),
  _gpu("rtx-pro-6000", "RTX PRO 6000", 96, (1, 2, 4, 8)),
)

FAMILIES: tuple[Family, ...] = (
  CpuFamily(name="cpu", title="CPU"),
  *_GPUS,
  *_TPUS,
)
