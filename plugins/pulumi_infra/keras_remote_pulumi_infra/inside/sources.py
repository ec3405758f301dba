"""Where a manifest comes from when the user says so; pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from attrs import frozen

from keras_remote_core.errors import UsageError
from keras_remote_pulumi_infra.inside.releases import RELEASES

_MARK = "#sha256="
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FORM = "--manifest lws=FILE, or --manifest lws=URL#sha256=DIGEST"


@frozen(kw_only=True)
class Source:
  """A manifest in place of the release's own.

  Args:
    location: a file's path, or a URL.
    sha256: what its content has to have; None only of a file.
  """

  location: str
  sha256: str | None = None

  @property
  def is_url(self) -> bool:
    return urlsplit(self.location).scheme in ("http", "https")


def parse(text: str) -> tuple[str, Source]:
  """A controller's name with its source, from ``NAME=FILE_OR_URL#sha256=…``.

  Raises:
    UsageError: it has another form, or is a URL without a digest.
  """
  name, equals, rest = text.partition("=")
  location, mark, digest = rest.partition(_MARK)
  if name not in RELEASES or not equals or not location:
    raise UsageError(
      f"{text!r} names no manifest of {', '.join(RELEASES)}", remedy=_FORM
    )
  if mark and not _DIGEST.fullmatch(digest):
    raise UsageError(
      f"{digest!r} is no SHA-256 of 64 digits from 0-9 and a-f",
      remedy="sha256sum FILE tells it",
    )
  found = Source(location=location, sha256=digest or None)
  if found.is_url and not mark:
    raise UsageError(
      f"nothing says what {location} should hold",
      remedy=f"{_FORM}; sha256sum tells the digest of a file",
    )
  return name, found
