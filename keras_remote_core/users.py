"""Who uses this machine."""

from __future__ import annotations

import getpass


def name() -> str:
  """The user's login name, or nothing where the system knows none."""
  try:
    return getpass.getuser()
  # Until Python 3.13 a user without a name is a KeyError.
  except (OSError, KeyError):
    return ""
