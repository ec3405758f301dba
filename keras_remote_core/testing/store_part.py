"""What the parts of the store suite have in common."""

from __future__ import annotations

from keras_remote_core.errors import StoreError


class Part:
  """A part of the suite; the suite itself says of which side."""

  failure: type[Exception] = StoreError
