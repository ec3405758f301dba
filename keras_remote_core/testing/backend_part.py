"""What the parts of the backend suite have in common."""

from __future__ import annotations

from keras_remote_core.testing.capabilities import Claiming


class Part(Claiming):
  """A part of the suite; the suite itself says how long jobs may take."""

  patience: float
