"""Keys, and what objects are called; pure."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_NO_PARTS = frozenset(("", ".", ".."))
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")


def place(url: str) -> tuple[str, str]:
  """The bucket of a ``gs://`` URL, and what its objects' names begin with.

  Raises:
    ValueError: it is no such URL.
  """
  scheme, _, rest = url.partition("://")
  bucket, _, folder = rest.strip("/").partition("/")
  if scheme != "gs" or not _BUCKET.fullmatch(bucket):
    raise ValueError(f"not a gs://bucket URL: {url}")
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


def escaped(name: str) -> str:
  """An object's name as one part of a path."""
  return urllib.parse.quote(name, safe="")


def now() -> str:
  """This moment in RFC 3339."""
  return datetime.now(UTC).isoformat()


def modified(resource: Mapping[str, Any]) -> float:
  """When an object was written or renewed, in seconds since the epoch."""
  named = ("updated", "customTime")
  times = (resource[each] for each in named if each in resource)
  return max(datetime.fromisoformat(text).timestamp() for text in times)
