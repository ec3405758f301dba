"""Accelerator families: which sizes of each can be had, by table or by rule.

A family turns the size that a name asks for into an Accelerator, or into None
where there is no such size. ``accelerator_names`` reads the names.
"""

from __future__ import annotations

import abc
import math
from typing import ClassVar, Literal, get_args

from attrs import frozen

from keras_remote_core.model import Accelerator

Unit = Literal["topology", "cores", "count", "chips"]
UNITS: tuple[Unit, ...] = get_args(Unit)


@frozen(kw_only=True)
class Size:
  """How much of a family a name asks for.

  Args:
    unit: what is counted: ``"count"`` (``a100x4``, ``cpu:8``), ``"cores"``
      (``v5p-8``), ``"chips"`` (``v5p:chips=8``) or ``"topology"``
      (``v6e-4x4``); None for a bare name, which means the smallest size.
    numbers: a topology's axes, else one number, or none for a bare name.
    hosts: how many machines it has to be, None for the usual number.
  """

  unit: Unit | None = None
  numbers: tuple[int, ...] = ()
  hosts: int | None = None

  @property
  def amount(self) -> int:
    return math.prod(self.numbers)


@frozen(kw_only=True)
class Family(abc.ABC):
  """One model of hardware; what a plugin gives to ``keras_remote_accelerators``.

  Args:
    name: the first part of its canonical names, in lower case.
    title: for people, such as ``"NVIDIA L4"``.
    memory: GB of device memory per chip (decimal), None where not known.
    aliases: other first parts that mean the same.
  """

  kind: ClassVar[str]

  name: str
  title: str
  memory: int | None = None
  aliases: tuple[str, ...] = ()

  @property
  def names(self) -> tuple[str, ...]:
    return (self.name, *self.aliases)

  @abc.abstractmethod
  def shapes(self) -> tuple[Accelerator, ...]:
    """The usual sizes, smallest first; none if it is no longer offered."""

  @abc.abstractmethod
  def choose(self, size: Size) -> Accelerator | None:
    """What a size means, or None where the family does not have it."""

  @abc.abstractmethod
  def advice(self, size: Size) -> str:
    """What can be had instead of a size that the family does not have."""

  def spellings(self) -> tuple[str, ...]:
    """Names that a misspelt one may have been meant for."""
    return (*self.names, *(shape.name for shape in self.shapes()))


@frozen(kw_only=True)
class CpuFamily(Family):
  """Machines without an accelerator, with any number of CPUs."""

  kind = "cpu"

  def shapes(self) -> tuple[Accelerator, ...]:
    return (self._of(0),)

  def choose(self, size: Size) -> Accelerator | None:
    if size.hosts not in (None, 1) or size.unit not in (None, "count"):
      return None
    return self._of(size.amount if size.unit else 0)

  def advice(self, size: Size) -> str:
    return f"one machine is {self.name!r}, or '{self.name}:8' for 8 CPUs"

  def _of(self, cpus: int) -> Accelerator:
    name = f"{self.name}:{cpus}" if cpus else self.name
    return Accelerator(name=name, kind=self.kind, family=self.name, chips=cpus)


@frozen(kw_only=True)
class GpuFamily(Family):
  """GPUs of one model.

  Args:
    counts: how many of them a machine can have, smallest first.
  """

  kind = "gpu"

  counts: tuple[int, ...]

  def shapes(self) -> tuple[Accelerator, ...]:
    return tuple(self._of(count) for count in self.counts)

  def choose(self, size: Size) -> Accelerator | None:
    if size.hosts not in (None, 1):
      return None
    if size.unit is None:
      return next(iter(self.shapes()), None)
    counted = size.unit in ("count", "chips") and size.amount in self.counts
    return self._of(size.amount) if counted else None

  def advice(self, size: Size) -> str:
    names = ", ".join(shape.name for shape in self.shapes())
    return f"one machine has at most {self.counts[-1]}: {names}"

  def _of(self, count: int) -> Accelerator:
    return Accelerator(
      name=f"{self.name}x{count}" if count > 1 else self.name,
      kind=self.kind,
      family=self.name,
      chips=count,
      memory=self.memory,
    )
