"""What S3 says in XML; pure."""

from __future__ import annotations

import errno
import re
from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree

from .trying import Transient  # noqa: TID252

_BUSY = frozenset((408, 409, 429, 500, 502, 503, 504))
_BUSY_CODES = frozenset(("InternalError", "SlowDown", "RequestTimeout"))
_ERRNOS = {
  "NoSuchKey": errno.ENOENT,
  "PreconditionFailed": errno.EEXIST,
  "AccessDenied": errno.EACCES,
  "InvalidAccessKeyId": errno.EACCES,
  "SignatureDoesNotMatch": errno.EACCES,
  "ExpiredToken": errno.EACCES,
}
# The answer to HEAD has no body that would tell more.
_STATUSES = {403: errno.EACCES, 404: errno.ENOENT}
_CODE = re.compile(rb"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")


Object = tuple[str, int, float]
"""Its name, bytes, and seconds since the epoch."""


class Page(NamedTuple):
  """Some objects, ordered by name, and what asks for those after them."""

  objects: list[Object]
  token: str


def refusal(method: str, path: str, status: int, data: bytes) -> OSError:
  """The error of an answer; OSError itself picks the class by its number."""
  code = _found(_CODE, data)
  text = f"{method}: {status} {code} {_found(_MESSAGE, data)}".strip()
  if status in _BUSY or code in _BUSY_CODES:
    return Transient(text)
  number = _ERRNOS.get(code) if code else _STATUSES.get(status)
  return OSError(number or errno.EIO, text, path)


def failed(data: bytes) -> bool:
  """Whether an answer says late, under a good status, that it failed."""
  return b"<Error>" in data[:200]


def page(data: bytes) -> Page:
  """One answer to a list."""
  root = ElementTree.fromstring(data)
  objects = [
    (
      each.findtext("{*}Key", ""),
      int(each.findtext("{*}Size", "")),
      datetime.fromisoformat(each.findtext("{*}LastModified", "")).timestamp(),
    )
    for each in root.iterfind("{*}Contents")
  ]
  return Page(objects, root.findtext("{*}NextContinuationToken", ""))


def upload_id(data: bytes) -> str:
  """What a begun upload is called."""
  return ElementTree.fromstring(data).findtext("{*}UploadId", "")


def etag(data: bytes) -> str:
  """The tag of a part that was copied."""
  return ElementTree.fromstring(data).findtext("{*}ETag", "")


def _found(pattern: re.Pattern[bytes], data: bytes) -> str:
  found = pattern.search(data)
  return found[1].decode(errors="replace") if found else ""
