"""The names of accelerators: what users write, and what it means.

  cpu, cpu:8                 a machine without accelerator, with 8 CPUs
  l4, a100x4, a100:4         GPUs of one machine
  v6e                        the smallest slice of a generation
  v6e-8, v5litepod-8, v5p-8  Google's names: v5p-8 counts cores and is 4 chips
  v5p:chips=8                chips, in every generation
  v6e-4x4, v5p-4x4x8         a topology, which is the canonical spelling
  v6e-2x4:hosts=2            eight chips on two machines; v6e-2x4 is one
  v6e-8:spot                 any of them, on capacity that can be taken away

``gpu:``, ``gpu-``, ``tpu:``, ``tpu-``, ``nvidia-`` and ``nvidia-tesla-`` can
stand before a name. Upper case and surrounding blanks make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import field, frozen

from keras_remote_core.accelerators import UNITS, Family, Size
from keras_remote_core.errors import UnknownAccelerator
from keras_remote_core.model import Accelerator, Resources

_NUMBER = "[1-9][0-9]{0,5}"
_PREFIX = re.compile(
  "(?P<gpu>(?:gpu[:-])?nvidia-(?:tesla-)?|gpu(?:[:-]|$))|(?P<tpu>tpu(?:[:-]|$))"
)
_REST = re.compile(
  rf"(?:-(?P<topology>{_NUMBER}(?:x{_NUMBER}){{1,2}})|-(?P<cores>{_NUMBER})"
  rf"|[x:](?P<count>{_NUMBER})|:chips=(?P<chips>{_NUMBER}))?"
  rf"(?::hosts=(?P<hosts>{_NUMBER}))?(?P<spot>:spot)?"
)
_LONGEST = 64


@frozen
class Accelerators:
  """The accelerators of a set of families.

  Args:
    families: of two that claim the same name, the first keeps it.
  """

  families: tuple[Family, ...] = field(converter=tuple[Family, ...])

  def parse(self, text: str) -> Resources:
    """What a name asks for.

    Raises:
      UnknownAccelerator: nothing has this name; the message lists the nearest
        right ones.
    """
    family, size, spot = self._read(text)
    chosen = family.choose(size)
    if chosen is None:
      raise self._no_such_size(text, family, size)
    return Resources(accelerator=chosen, spot=spot)

  def describe(self, text: str | None = None) -> tuple[Accelerator, ...]:
    """The usual sizes: of a family, or of all; or the one size of a full name.

    Raises:
      UnknownAccelerator: as parse does.
    """
    if text is None:
      return tuple(shape for each in self.families for shape in each.shapes())
    family, size, _ = self._read(text)
    shapes = family.shapes() if size == Size() else ()
    return shapes or (self.parse(text).accelerator,)

  def _read(self, text: str) -> tuple[Family, Size, bool]:
    kind, name = _without_prefix(text)
    for length, family in self._fitting(kind, name):
      if rest := _REST.fullmatch(name, length):
        return family, _size(rest), rest["spot"] is not None
    raise self._unknown(text, kind, name)

  def _fitting(self, kind: str | None, name: str) -> list[tuple[int, Family]]:
    """Families a name can begin with and how much of it is theirs, longest first."""
    fitting = [
      (len(start), family)
      for family in self.families
      for start in family.names
      if kind in (None, family.kind) and name.startswith(start)
    ]
    return sorted(fitting, key=lambda each: -each[0])

  def _unknown(
    self, text: str, kind: str | None, name: str
  ) -> UnknownAccelerator:
    import difflib

    known = {each for of in self._offered() for each in of.spellings()}
    near = difflib.get_close_matches(name[:_LONGEST], sorted(known))
    advice = f"the nearest: {', '.join(near)}" if near else self._all(kind)
    return _error(text, advice)

  def _no_such_size(
    self, text: str, family: Family, size: Size
  ) -> UnknownAccelerator:
    if family.shapes():
      return _error(text, family.advice(size), of=family.name)
    advice = f"{family.title} is not offered any more; {self._all(family.kind)}"
    return _error(text, advice)

  def _all(self, kind: str | None) -> str:
    """Every family of a kind, in words."""
    fitting = (each for each in self._offered() if kind in (None, each.kind))
    return f"there are {', '.join(each.name for each in fitting)}"

  def _offered(self) -> Iterator[Family]:
    return (family for family in self.families if family.shapes())


def _without_prefix(text: str) -> tuple[str | None, str]:
  """The kind that a prefix names, if there is one, and the text behind it."""
  name = text.strip().lower()
  prefix = _PREFIX.match(name)
  return (prefix.lastgroup, name[prefix.end() :]) if prefix else (None, name)


def _size(rest: re.Match[str]) -> Size:
  unit = next((unit for unit in UNITS if rest[unit]), None)
  numbers = rest[unit].split("x") if unit else ()
  hosts = int(rest["hosts"]) if rest["hosts"] else None
  return Size(unit=unit, numbers=tuple(map(int, numbers)), hosts=hosts)


def _error(text: str, advice: str, of: str = "") -> UnknownAccelerator:
  return UnknownAccelerator(
    f"there is no accelerator {text[:_LONGEST]!r}; {advice}",
    remedy=f"keras-remote accelerators {of}".rstrip(),
  )
