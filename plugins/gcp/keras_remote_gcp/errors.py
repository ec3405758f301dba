"""What can be wrong with Google credentials, one class per way out."""

from __future__ import annotations

from keras_remote_core.errors import MissingCredentials


class NoCredentials(MissingCredentials):
  """Nobody has logged in here, and this is no machine of Google's."""


class ExpiredCredentials(MissingCredentials):
  """There are credentials, and Google takes them no more."""


class BadCredentialsFile(MissingCredentials):
  """The file that should hold credentials does not."""


class WrongProject(MissingCredentials):
  """No project is named, or the credentials are of no use in it."""


class ImpersonationRefused(MissingCredentials):
  """The caller may not act as the service account."""
