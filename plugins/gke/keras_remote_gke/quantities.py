"""Amounts as Kubernetes writes them: ``500m``, ``8``, ``16Gi``, ``64G``."""

from __future__ import annotations

import re
from decimal import Decimal

# Kubernetes' own grammar without signs (API reference, "Quantity").
_FORM = re.compile(
  r"(?P<number>[0-9]{1,18}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
  r"(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<power>[+-]?[0-9]{1,2}))?"
)
_FACTORS = {
  **{unit: Decimal(1000) ** place for place, unit in enumerate("kMGTPE", 1)},
  **{unit: Decimal(1000) ** -place for place, unit in enumerate("mun", 1)},
  **{f"{unit}i": Decimal(1024) ** at for at, unit in enumerate("KMGTPE", 1)},
}

_SMALLEST_CPU = Decimal("0.001")
_MOST_CPUS = 10_000
_SMALLEST_SIZE, _MOST_BYTES = 1024**2, 1024**5


def amount(text: str) -> Decimal:
  """The number that a quantity stands for: CPUs, or bytes.

  Raises:
    ValueError: it is no quantity.
  """
  if not (match := _FORM.fullmatch(text)):
    raise ValueError("is no quantity")
  factor = _FACTORS.get(match["suffix"], Decimal(1))
  return (
    Decimal(match["number"]) * factor * Decimal(10) ** int(match["power"] or 0)
  )


def cpus(value: object) -> str:
  """A number of CPUs, given as a number or as a quantity.

  Raises:
    ValueError: it is none, or finer than a thousandth.
  """
  text = _text(value)
  number = _amount(text)
  if not _SMALLEST_CPU <= number <= _MOST_CPUS or number % _SMALLEST_CPU:
    raise ValueError("must be a number of CPUs such as 8, 0.5 or 500m")
  return text


def size(value: object) -> str:
  """A number of bytes, as a quantity of at least 1Mi.

  Raises:
    ValueError: it is none, or so small that its unit is missing or wrong.
  """
  text = _text(value)
  if not _SMALLEST_SIZE <= _amount(text) <= _MOST_BYTES:
    raise ValueError("must be a size with its unit, such as 16Gi or 64G")
  return text


def _text(value: object) -> str:
  """What was written, or what a number would be written as."""
  number = isinstance(value, int | float) and not isinstance(value, bool)
  return str(value).strip() if number or isinstance(value, str) else ""


def _amount(text: str) -> Decimal:
  """As ``amount``, where nothing stands for what is no quantity."""
  return amount(text) if _FORM.fullmatch(text) else Decimal(0)
