"""Job ids: readable, sortable within a function, unique, fit for DNS names."""

from __future__ import annotations

import datetime
import re

_LONGEST_NAME = 16
PATTERN = r"[a-z][a-z0-9-]{0,39}"


def mint(function: str, now: datetime.datetime, token: str) -> str:
  """An id such as ``train-1123-204512-x3f9q2``.

  Args:
    function: a qualified name; its last part is what shows.
    now: the time of the submission, in UTC.
    token: at least 6 random characters of ``[a-z0-9]``.
  """
  last = function.rpartition(".")[2].lower()
  name = re.sub(r"[^a-z0-9]+", "-", last).strip("-")[:_LONGEST_NAME].rstrip("-")
  if not name[:1].isalpha():
    name = f"job-{name}".rstrip("-")
  return f"{name}-{now:%m%d-%H%M%S}-{token}"


def valid(text: str) -> bool:
  """Says whether a text could be a job id."""
  return re.fullmatch(PATTERN, text) is not None
