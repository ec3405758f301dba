"""What an implementation under test can do, as a value."""

from __future__ import annotations

import pytest
from attrs import frozen


@frozen(kw_only=True)
class Capabilities:
  """What a suite holds an implementation to; take away what it cannot do.

  Args:
    secrets: a backend carries secret values to its jobs by itself.
    key: a backend reads a job's key from its control plane.
    jobs: a backend lists its jobs.
    detached: a backend's jobs go on after ``submit``, whoever submitted them.
    images: an image builder's images are for containers.
    sources: a packager ships the project's own modules.
    tokens: an authenticator's credentials have tokens, and can be missing.
  """

  secrets: bool = True
  key: bool = True
  jobs: bool = True
  detached: bool = True
  images: bool = True
  sources: bool = True
  tokens: bool = True


class Claiming:
  """A suite whose tests may be of capabilities that were not claimed."""

  capabilities = Capabilities()

  def needs(self, capability: str) -> None:
    """Skips a test of what is not claimed."""
    if not getattr(self.capabilities, capability):
      pytest.skip(f"the capability {capability!r} is not claimed")
