"""The times that stand before log lines, to the nanosecond; pure."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

_STAMP = re.compile(r"(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")


class Stamp(NamedTuple):
  """A moment; ``second`` is in UTC."""

  second: datetime.datetime
  nanoseconds: int

  def time(self) -> datetime.datetime:
    return self.second.replace(microsecond=self.nanoseconds // 1000)

  def whole(self) -> str:
    """The second it lies in, as every version of the API reads it."""
    return f"{self.second:%Y-%m-%dT%H:%M:%SZ}"


def parse(text: str) -> Stamp:
  """Reads RFC 3339 with up to nine digits behind the second.

  Raises:
    ValueError: it is something else.
  """
  found = _STAMP.fullmatch(text)
  if found is None:
    raise ValueError(f"not a time: {text!r}")
  second = datetime.datetime.fromisoformat(found[1] + found[3])
  return Stamp(
    second.astimezone(datetime.UTC), int((found[2] or "0").ljust(9, "0"))
  )
