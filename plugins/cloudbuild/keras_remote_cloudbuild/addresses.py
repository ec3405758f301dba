"""Addresses of packages, as requirements and locks have them; pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_COMMIT = re.compile(r"[0-9a-f]{40}")


def same_source(asked: str, locked: str) -> bool:
  """Whether a lock's address can be what an address that was asked for is.

  Resolving puts a commit in the place of a branch or tag of git's, or of
  nothing. A commit that was asked for stays.
  """
  if asked == locked:
    return True
  source, revision = _split(asked)
  return (
    asked.startswith("git+")
    and not _COMMIT.fullmatch(revision)
    and source == _split(locked)[0]
  )


def _split(address: str) -> tuple[str, str]:
  """An address without its revision, and the revision."""
  parts = urlsplit(address)
  path, _, revision = parts.path.partition("@")
  return parts._replace(path=path).geturl(), revision
