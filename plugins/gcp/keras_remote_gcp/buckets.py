"""The name of the bucket that a cluster's jobs use; pure."""

from __future__ import annotations

import hashlib

_LONGEST = 63
_DIGITS = 8


def name(project: str, cluster: str) -> str:
  """The bucket of a cluster, where no other is set.

  A name that Cloud Storage would find too long ends in a digest of itself.
  """
  whole = f"{project}-keras-remote-{cluster}"
  if len(whole) <= _LONGEST:
    return whole
  digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGITS]
  return f"{whole[: _LONGEST - _DIGITS - 1]}-{digest}"
