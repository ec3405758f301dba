"""Signature Version 4: what proves who sends a request; pure.

The steps and their names are those of Amazon's "Signature Calculations for the
Authorization Header".
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import urllib.parse
from collections.abc import Mapping
from typing import NamedTuple

from .access import Access  # noqa: TID252

_ALGORITHM = "AWS4-HMAC-SHA256"


class Request(NamedTuple):
  """One request; its path is as names are, and escaped by ``target``."""

  method: str
  path: str
  query: Mapping[str, str] = {}
  headers: Mapping[str, str] = {}
  body: bytes = b""


def target(request: Request) -> str:
  """The path with its query, as it is sent."""
  query = _query(request)
  return _path(request) + (f"?{query}" if query else "")


def signed(
  request: Request, access: Access, moment: datetime.datetime
) -> dict[str, str]:
  """All headers of a request, its signature among them."""
  digest = hashlib.sha256(request.body).hexdigest()
  headers = {
    **request.headers,
    "Host": urllib.parse.urlsplit(access.endpoint).netloc,
    "X-Amz-Content-Sha256": digest,
    "X-Amz-Date": moment.strftime("%Y%m%dT%H%M%SZ"),
  }
  if access.token:
    headers["X-Amz-Security-Token"] = access.token
  scope = f"{moment:%Y%m%d}/{access.region}/s3/aws4_request"
  names, canonical = _canonical(request, headers, digest)
  text = "\n".join(
    (_ALGORITHM, headers["X-Amz-Date"], scope, _sha256(canonical))
  )
  signature = _hmac(_key(access, scope), text).hex()
  headers["Authorization"] = (
    f"{_ALGORITHM} Credential={access.key}/{scope},"
    f"SignedHeaders={names},Signature={signature}"
  )
  return headers


def _canonical(
  request: Request, headers: Mapping[str, str], digest: str
) -> tuple[str, str]:
  """The names of the headers that are signed, and all that is signed."""
  trimmed = {name.lower(): " ".join(headers[name].split()) for name in headers}
  lines = [f"{name}:{trimmed[name]}\n" for name in sorted(trimmed)]
  names = ";".join(sorted(trimmed))
  parts = (
    request.method,
    _path(request),
    _query(request),
    "".join(lines),
    names,
    digest,
  )
  return names, "\n".join(parts)


def _path(request: Request) -> str:
  return urllib.parse.quote(request.path, safe="/")


def _query(request: Request) -> str:
  escaped = (
    (urllib.parse.quote(name, safe=""), urllib.parse.quote(value, safe=""))
    for name, value in request.query.items()
  )
  return "&".join(f"{name}={value}" for name, value in sorted(escaped))


def _key(access: Access, scope: str) -> bytes:
  key = f"AWS4{access.secret}".encode()
  for part in scope.split("/"):
    key = _hmac(key, part)
  return key


def _hmac(key: bytes, text: str) -> bytes:
  return hmac.digest(key, text.encode(), "sha256")


def _sha256(text: str) -> str:
  return hashlib.sha256(text.encode()).hexdigest()
