"""Access tokens that expire, for emulators that give and check them."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping
from typing import Any


class Tokens:
  """Gives tokens, and knows which of them are still good.

  Args:
    lifetime: seconds; Google's own is 3600. google-auth asks for the next one
      when less than 225 are left.
  """

  def __init__(self, lifetime: float = 3600.0) -> None:
    self.lifetime = lifetime
    self._expiries: dict[str, float] = {}
    self._numbers = itertools.count(1)
    self._lock = threading.Lock()

  def issue(self) -> dict[str, Any]:
    """A new token, as Google's token endpoints answer it."""
    with self._lock:
      token = f"ya29.emulated-{next(self._numbers)}"
      self._expiries[token] = time.monotonic() + self.lifetime
    return {
      "access_token": token,
      "expires_in": int(self.lifetime),
      "token_type": "Bearer",
    }

  def valid(self, token: str) -> bool:
    with self._lock:
      return self._expiries.get(token, 0.0) > time.monotonic()

  def allows(self, headers: Mapping[str, str]) -> bool:
    """Whether a request's headers, by lower-case name, bear a good token."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and self.valid(token.strip())

  def revoke(self) -> None:
    """Makes every token that was given so far a bad one, at once."""
    with self._lock:
      self._expiries.clear()
