"""Amounts of CPU, memory and devices as Kubernetes writes them; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

_FORM = re.compile(r"([+-]?[0-9.]+)([num]|Ki|k|[MGTPE]i?|[eE][+-]?[0-9]+)?")
_DECIMAL = {
  "n": -9,
  "u": -6,
  "m": -3,
  "": 0,
  "k": 3,
  "M": 6,
  "G": 9,
  "T": 12,
  "P": 15,
  "E": 18,
}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
FORM = (
  "quantities must match the regular expression"
  " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


def amount(text: str | float) -> Decimal:
  """A quantity in units, such as 0.5 of ``500m``.

  Raises:
    ValueError: it is none.
  """
  found = _FORM.fullmatch(str(text))
  if not found:
    raise ValueError(FORM)
  number, suffix = Decimal(found[1]), found[2] or ""
  if suffix in _BINARY:
    return number * Decimal(2) ** _BINARY[suffix]
  if suffix in _DECIMAL:
    return number.scaleb(_DECIMAL[suffix])
  return number.scaleb(int(suffix[1:]))


def canonical(text: str | float) -> str:
  """A quantity as the API server gives it back: ``8``, ``500m``, ``1Gi``.

  Raises:
    ValueError: it is none.
  """
  value, suffix = amount(text), str(text).lstrip("+-.0123456789")
  if suffix[:1] in ("e", "E") and suffix != "E" and suffix != "Ei":
    return str(text)
  if value and suffix in _BINARY and value == value.to_integral_value():
    return _shortest(value, Decimal(2), {"": 0, **_BINARY})
  return _shortest(value, Decimal(10), _DECIMAL)


def _shortest(
  value: Decimal, base: Decimal, suffixes: Mapping[str, int]
) -> str:
  """A value with the largest suffix that leaves it a whole number."""
  if not value:
    return "0"
  for suffix, power in sorted(suffixes.items(), key=lambda each: -each[1]):
    number = value / base**power
    if number == number.to_integral_value():
      return f"{number.to_integral_value():f}{suffix}"
  raise ValueError(FORM)
