"""Which quotas limit a pool, and how much of them it takes; pure.

Metrics: the Compute Engine documentation's "Allocation quotas", and GKE's
"Plan TPUs in GKE". Where none is known, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from keras_remote_pulumi_infra import pools
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.shapes import PoolShape

REGION, PROJECT, FAMILY = "region", "project", "family"


@frozen(kw_only=True)
class Quota:
  """One limit that Google sets.

  Args:
    scope: ``region`` and ``project`` of Compute Engine's own list, ``family``
      of the Cloud Quotas API.
    dimension: what a family's limits are told apart by, besides the region.
    family: its value.
  """

  scope: str
  name: str
  dimension: str | None = None
  family: str | None = None

  def __str__(self) -> str:
    return f"{self.name} of {self.family}" if self.family else self.name


Limit = Callable[[Quota], float | None]
"""What tells a quota's limit; None where it is not known."""


@frozen(kw_only=True)
class Need:
  """What one job's worth of a pool takes.

  Args:
    quotas: all of these count; of each, any one of several suffices.
  """

  pool: str
  amount: int
  quotas: tuple[tuple[Quota, ...], ...]


@frozen(kw_only=True)
class Judged:
  """What quotas mean for pools.

  Args:
    short: in words, a quota for each pool that it does not suffice for.
    unknown: the pools of which nothing is known.
    enough: those that nothing keeps from growing.
  """

  short: tuple[str, ...]
  unknown: tuple[str, ...]
  enough: tuple[str, ...]


_PREEMPTIBLE = "PREEMPTIBLE_"
_EVERYWHERE = Quota(scope=PROJECT, name="GPUS_ALL_REGIONS")
_GPU_FAMILIES: Mapping[str, str] = {
  "b200": "NVIDIA_B200",
  "h100": "NVIDIA_H100",
  "h100-mega": "NVIDIA_H100_MEGA",
  "h200": "NVIDIA_H200",
  "rtx-pro-6000": "NVIDIA_RTX_PRO_6000",
}
_GPUS: Mapping[str, str] = {
  "a100": "NVIDIA_A100_GPUS",
  "a100-80gb": "NVIDIA_A100_80GB_GPUS",
  "l4": "NVIDIA_L4_GPUS",
  "p100": "NVIDIA_P100_GPUS",
  "p4": "NVIDIA_P4_GPUS",
  "t4": "NVIDIA_T4_GPUS",
  "v100": "NVIDIA_V100_GPUS",
}
_V5E = "TPU_LITE_PODSLICE_V5"
_V6E = Quota(
  scope=FAMILY,
  name="TPUS-PER-TPU-FAMILY-per-project-region",
  dimension="tpu_family",
  family="CT6E",
)
_V6E_PREEMPTIBLE = Quota(
  scope=FAMILY, name="PREEMPTIBLE-TPU-V6E-per-project-region"
)


def needs(config: InfraConfig) -> tuple[Need, ...]:
  """What the pools of accelerators take; a reservation has its quota."""
  shapes = (pools.shape(each) for each in config.pools)
  return tuple(
    Need(pool=each.name, amount=_amount(each), quotas=tuple(_quotas(each)))
    for each in shapes
    if each.accelerator_count and not each.reservation
  )


def judged(asked: Iterable[Need], limit: Limit) -> Judged:
  """What the limits mean for the pools."""
  short: list[str] = []
  unknown: list[str] = []
  enough: list[str] = []
  for need in asked:
    limits = [[(q, limit(q)) for q in each] for each in need.quotas]
    lacking = [each for each in limits if _short(need, each)]
    if lacking:
      short.append(_words(need, lacking[0]))
    elif limits and all(_suffices(need, each) for each in limits):
      enough.append(need.pool)
    else:
      unknown.append(need.pool)
  return Judged(
    short=tuple(short), unknown=tuple(unknown), enough=tuple(enough)
  )


def _amount(shape: PoolShape) -> int:
  machines = shape.max_nodes if shape.atomic else max(shape.min_nodes, 1)
  return shape.accelerator_count * machines


def _quotas(shape: PoolShape) -> Iterator[tuple[Quota, ...]]:
  family = shape.accelerator.family
  if family in _GPUS:
    yield _either(shape, Quota(scope=REGION, name=_GPUS[family]))
  if family in _GPU_FAMILIES:
    yield _of_family(shape, _GPU_FAMILIES[family])
  if family == "v5e":
    yield _either(shape, Quota(scope=REGION, name=_V5E))
  if family == "v6e":
    yield (_V6E_PREEMPTIBLE, _V6E) if _taken_away(shape) else (_V6E,)
  if shape.accelerator.kind == "gpu":
    yield (_EVERYWHERE,)


def _either(shape: PoolShape, quota: Quota) -> tuple[Quota, ...]:
  """The quota, and before it that of machines that can be taken away.

  A project without the latter has such machines count as all others.
  """
  if not _taken_away(shape):
    return (quota,)
  return Quota(scope=REGION, name=_PREEMPTIBLE + quota.name), quota


def _of_family(shape: PoolShape, family: str) -> tuple[Quota, ...]:
  quota = Quota(
    scope=FAMILY,
    name="GPUS-PER-GPU-FAMILY-per-project-region",
    dimension="gpu_family",
    family=family,
  )
  if not _taken_away(shape):
    return (quota,)
  return Quota(scope=REGION, name=f"{_PREEMPTIBLE}{family}_GPUS"), quota


def _taken_away(shape: PoolShape) -> bool:
  return shape.spot or shape.flex_start


_Limits = Sequence[tuple[Quota, float | None]]


def _suffices(need: Need, limits: _Limits) -> bool:
  return any(known is not None and known >= need.amount for _, known in limits)


def _short(need: Need, limits: _Limits) -> bool:
  return all(known is not None and known < need.amount for _, known in limits)


def _words(need: Need, limits: _Limits) -> str:
  told = " and ".join(f"{quota} is {known:g}" for quota, known in limits)
  return f"pool {need.pool} takes {need.amount}, and {told}"
