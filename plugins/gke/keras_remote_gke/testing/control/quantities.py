"""Amounts of CPU, memory and devices as Kubernetes writes them; pure."""

from __future__ import annotations

import re
from decimal import Decimal

_FORM = re.compile(r"([+-]?[0-9.]+)(m|[kMGTPE]i?|Ki|[eE][+-]?[0-9]+)?")
_DECIMAL = {"m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
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
