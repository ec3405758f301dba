"""What can go wrong with infrastructure, one class per way out."""

from __future__ import annotations

from keras_remote_core.errors import KerasRemoteError

_INTERRUPTED = 130


class InfraError(KerasRemoteError):
  """Something could not be made, changed, removed or read."""


class NoPulumi(InfraError):
  """The Pulumi CLI is not here, or is too old."""


class StackLocked(InfraError):
  """Somebody else works on the stack, or went away in the middle of it."""


class Interrupted(InfraError):
  """The caller stopped it half-way; the same command goes on from there."""

  exit_code = _INTERRUPTED
