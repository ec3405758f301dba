"""TPU slices: those that are listed, and those that follow a rule."""

from __future__ import annotations

import math
from collections.abc import Iterator

from attrs import field, frozen

from keras_remote_core.accelerators import Family, Size
from keras_remote_core.model import Accelerator

_EDGE = 4
_CUBE_CHIPS = _EDGE**3
# The shapes that Google's xpk tool generates end here.
_LONGEST_AXIS = 256


@frozen
class Slice:
  """TPU chips that are wired together, and the machines that hold them.

  Args:
    hosts: by default machines of four chips, or a single one of fewer.
  """

  topology: str
  hosts: int = field()

  @hosts.default
  def _machines_of_four(self) -> int:
    return max(1, self.chips // 4)

  @property
  def axes(self) -> tuple[int, ...]:
    return tuple(int(axis) for axis in self.topology.split("x"))

  @property
  def chips(self) -> int:
    return math.prod(self.axes)


@frozen(kw_only=True)
class TpuFamily(Family):
  """TPUs of one generation.

  Besides the listed slices it has every cuboid of 4x4x4 cubes up to a number
  of cubes, with axes in ascending order and none longer than 256 chips.

  Args:
    cores_per_chip: how often a chip counts in Google's names: 2 where
      ``v5p-8`` has four chips.
    slices: smallest first. Of several with the same chips, or the same
      topology, the first is meant where a name does not tell them apart.
    cubes: the cubes of the largest slice, 0 where only the list counts.
  """

  kind = "tpu"

  cores_per_chip: int
  slices: tuple[Slice, ...]
  cubes: int = 0

  def shapes(self) -> tuple[Accelerator, ...]:
    return tuple(self._of(each) for each in self.slices)

  def choose(self, size: Size) -> Accelerator | None:
    for each in self._slices(size):
      if size.hosts in (None, each.hosts):
        return self._of(each)
    return None

  def advice(self, size: Size) -> str:
    near = sorted(self.shapes(), key=lambda shape: self._distance(shape, size))
    return "the nearest: " + ", ".join(_described(shape) for shape in near[:3])

  def spellings(self) -> tuple[str, ...]:
    counts = {each.chips * self.cores_per_chip for each in self.slices}
    return (
      *super().spellings(),
      *(f"{self.name}-{count}" for count in sorted(counts)),
    )

  def _slices(self, size: Size) -> Iterator[Slice]:
    """What a size can mean, the usual one first."""
    if size.unit is None:
      yield from self.slices if size.hosts else self.slices[:1]
    elif size.unit == "topology":
      yield from self._with_axes(size.numbers)
    elif size.unit == "chips":
      yield from self._with_chips(size.amount)
    elif size.unit == "cores" and size.amount % self.cores_per_chip == 0:
      yield from self._with_chips(size.amount // self.cores_per_chip)

  def _with_axes(self, axes: tuple[int, ...]) -> Iterator[Slice]:
    # The order of axes says nothing about the wiring.
    wanted = sorted(axes)
    yield from (each for each in self.slices if sorted(each.axes) == wanted)
    cubes = math.prod(axes) // _CUBE_CHIPS
    aligned = len(axes) == 3 and not any(axis % _EDGE for axis in axes)
    if aligned and cubes <= self.cubes and max(axes) <= _LONGEST_AXIS:
      yield Slice("x".join(map(str, wanted)))

  def _with_chips(self, chips: int) -> Iterator[Slice]:
    yield from (each for each in self.slices if each.chips == chips)
    cubes, rest = divmod(chips, _CUBE_CHIPS)
    if not rest and cubes <= self.cubes:
      yield from self._with_axes(_most_cubic(cubes))

  def _distance(self, shape: Accelerator, size: Size) -> float:
    """How far a shape is from a size, in chips or, for a bare name, in hosts."""
    if size.unit is None:
      return abs(shape.hosts - (size.hosts or 1))
    divisor = self.cores_per_chip if size.unit == "cores" else 1
    return abs(shape.chips - size.amount / divisor)

  def _of(self, each: Slice) -> Accelerator:
    usual = next(self._with_axes(each.axes))
    suffix = "" if usual == each else f":hosts={each.hosts}"
    return Accelerator(
      name=f"{self.name}-{each.topology}{suffix}",
      kind=self.kind,
      family=self.name,
      chips=each.chips,
      hosts=each.hosts,
      topology=each.topology,
      memory=self.memory,
    )


def _most_cubic(cubes: int) -> tuple[int, ...]:
  """The axes, in chips, of the cuboid of so many cubes with the shortest sum."""
  cuboids = [
    (a, b, cubes // a // b)
    for a in range(1, cubes + 1)
    if cubes % a == 0
    for b in range(a, cubes // a + 1)
    if cubes // a % b == 0
  ]
  return tuple(_EDGE * axis for axis in min(cuboids, key=sum))


def _described(shape: Accelerator) -> str:
  hosts = "1 host" if shape.hosts == 1 else f"{shape.hosts} hosts"
  chips = "1 chip" if shape.chips == 1 else f"{shape.chips} chips"
  return f"{shape.name} ({chips} on {hosts})"
