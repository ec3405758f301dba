"""Keys, and what objects are called; pure."""

from __future__ import annotations

import re

_NO_PARTS = frozenset(("", ".", ".."))
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def place(url: str) -> tuple[str, str]:
  """The bucket of an ``s3://`` URL, and what its objects' names begin with.

  Raises:
    ValueError: it is no such URL.
  """
  scheme, _, rest = url.partition("://")
  bucket, _, folder = rest.rstrip("/").partition("/")
  if scheme != "s3" or not _BUCKET.fullmatch(bucket):
    raise ValueError(f"not an s3://bucket URL: {url}")
  return bucket, f"{checked(folder)}/" if folder else ""


def checked(key: str) -> str:
  """The key itself.

  Raises:
    ValueError: it is none.
  """
  printable = key.isprintable() and "\\" not in key
  if not printable or not _NO_PARTS.isdisjoint(key.split("/")):
    raise ValueError(f"not a key: {key!r}")
  return key
