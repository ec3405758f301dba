"""What a service of Google's said when it refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
  from requests import Response


def words(answer: Response) -> str:
  """The service's own words, on one line."""
  try:
    told: Any = answer.json()["error"]["message"]
  except (ValueError, KeyError, TypeError):
    told = answer.text
  line = str(told).strip().partition("\n")[0]
  return line or f"status {answer.status_code}"
