"""Durations as people write them."""

from __future__ import annotations

import re

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_LONGEST = 100 * 365 * _UNITS["d"]
_NUMBER = r"\d+(?:\.\d+)?"
_PLAIN = re.compile(_NUMBER, re.ASCII)
_PARTS = re.compile(
  "".join(rf"(?:(?P<{unit}>{_NUMBER}){unit})?" for unit in _UNITS), re.ASCII
)


def seconds(value: object) -> float:
  """The seconds in ``90``, ``"90"``, ``"90s"``, ``"1h30m"`` or ``"2d"``.

  Raises:
    ValueError: it is anything else, not positive, or beyond a century.
  """
  number = _number(value)
  if number is None or not 0 < number < _LONGEST:
    raise ValueError(
      "must be a positive duration such as 90, 90s, 15m, 1h30m or 2d"
    )
  return float(number)


def text(duration: float) -> str:
  """A duration to the second as ``seconds`` reads it, such as ``"1h30m"``."""
  rest, written = round(duration), ""
  for unit, size in _UNITS.items():
    count, rest = divmod(rest, size)
    written += f"{count}{unit}" if count else ""
  return written or "0s"


def _number(value: object) -> float | None:
  if isinstance(value, str):
    return _read(value.strip())
  if isinstance(value, int | float) and not isinstance(value, bool):
    return value
  return None


def _read(written: str) -> float | None:
  if _PLAIN.fullmatch(written):
    return float(written)
  if match := _PARTS.fullmatch(written):
    counts = match.groupdict(default="0")
    return sum(float(counts[unit]) * size for unit, size in _UNITS.items())
  return None
