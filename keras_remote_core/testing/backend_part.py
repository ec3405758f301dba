"""What the parts of the backend suite have in common."""

from __future__ import annotations

import pytest


class Part:
  """A part of the suite; the suite itself says what these are."""

  claims: frozenset[str]
  patience: float

  def needs(self, claim: str) -> None:
    """Skips a test of what the backend does not claim to do."""
    if claim not in self.claims:
      pytest.skip(f"the backend does not claim {claim!r}")
