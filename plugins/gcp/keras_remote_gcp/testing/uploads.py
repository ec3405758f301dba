"""The JSON API's uploads: in one request, and resumable ones."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

from attrs import define, field

from keras_remote_gcp.testing import multiparts, ranges, refusals
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.objects import Objects
from keras_remote_gcp.testing.stored_object import StoredObject

# What a resumable upload keeps of a request that broke off.
_GRANULE = 256 * 1024
_PRECONDITIONS = frozenset(
  (
    "ifGenerationMatch",
    "ifGenerationNotMatch",
    "ifMetagenerationMatch",
    "ifMetagenerationNotMatch",
  )
)


@define(kw_only=True)
class _Session:
  """One resumable upload that was begun."""

  bucket: str
  properties: Mapping[str, Any]
  query: Mapping[str, str]
  data: bytearray = field(factory=bytearray, repr=False)
  done: StoredObject | None = None


class Uploads:
  """Takes uploads into ``objects``."""

  def __init__(self, objects: Objects) -> None:
    self._objects = objects
    self._sessions: dict[str, _Session] = {}
    self._numbers = itertools.count(1)

  def begin(self, request: Request, bucket: str) -> Response:
    """An upload's first request, which may be its only one."""
    kind = request.query.get("uploadType")
    if kind == "media":
      given = {"contentType": request.headers.get("content-type")}
      return self._whole(request, bucket, given, request.body)
    if kind == "multipart":
      return self._multipart(request, bucket)
    if kind == "resumable":
      return self._begin_session(request, bucket)
    raise refusals.invalid(f"unknown uploadType {kind!r}")

  def proceed(self, request: Request, bucket: str) -> Response:
    """A further request of a resumable upload."""
    del bucket
    session = self._sessions.get(request.query.get("upload_id", ""))
    if session is None:
      raise refusals.Refusal(410, "The upload session is unknown.", "gone")
    if session.done is None:
      self._take(request, session)
    if session.done is not None:
      return Response.json(session.done.resource())
    return _so_far(session)

  def cancel(self, request: Request, bucket: str) -> Response:
    del bucket
    self._sessions.pop(request.query.get("upload_id", ""), None)
    return Response(status=499)

  def _multipart(self, request: Request, bucket: str) -> Response:
    try:
      head, media = multiparts.split(
        request.headers.get("content-type", ""), request.body
      )
    except ValueError as error:
      raise refusals.invalid(f"Bad multipart body: {error}") from None
    given = json.loads(head.body)
    given.setdefault("contentType", media.headers.get("content-type"))
    return self._whole(request, bucket, given, media.body)

  def _whole(
    self,
    request: Request,
    bucket: str,
    given: Mapping[str, Any],
    data: bytes,
  ) -> Response:
    name = _name(request, given)
    made = self._objects.put(bucket, name, data, given, request.query)
    return Response.json(made.resource())

  def _begin_session(self, request: Request, bucket: str) -> Response:
    given = dict(request.json() or {})
    kind = request.headers.get("x-upload-content-type")
    given.setdefault("contentType", kind)
    given["name"] = _name(request, given)
    # So that a missing bucket is told before anything is sent.
    self._objects.bucket(bucket)
    key = f"upload-{next(self._numbers)}"
    self._sessions[key] = _Session(
      bucket=bucket,
      properties=given,
      query={k: v for k, v in request.query.items() if k in _PRECONDITIONS},
    )
    return Response(headers={"Location": _location(request, bucket, key)})

  def _take(self, request: Request, session: _Session) -> None:
    """Adds a request's bytes to a session, and ends it with the last one."""
    length = int(request.headers.get("content-length", 0))
    whole = f"bytes 0-{length - 1}/{length}" if length else "bytes */0"
    sent = _range(request.headers.get("content-range", whole))
    if sent.start is not None:
      _append(session, sent.start, request.body, length)
    if sent.total is not None and len(session.data) >= sent.total:
      self._finish(session, request.headers.get("x-goog-hash", ""))

  def _finish(self, session: _Session, hashes: str) -> None:
    pairs = (each.partition("=") for each in hashes.split(",") if each)
    named = {"md5Hash" if k == "md5" else k: v for k, _, v in pairs}
    session.done = self._objects.put(
      session.bucket,
      session.properties["name"],
      bytes(session.data),
      {**session.properties, **named},
      session.query,
    )
    session.data.clear()


def _append(session: _Session, start: int, body: bytes, length: int) -> None:
  held = len(session.data)
  if start > held:
    raise refusals.invalid(f"bytes {held} to {start} are missing")
  if len(body) < length:
    body = body[: len(body) // _GRANULE * _GRANULE]
  session.data += body[held - start :]


def _so_far(session: _Session) -> Response:
  held = len(session.data)
  headers = {"Range": f"bytes=0-{held - 1}"} if held else {}
  return Response(status=308, headers=headers)


def _range(text: str) -> ranges.Sent:
  try:
    return ranges.sent(text)
  except ValueError as error:
    raise refusals.invalid(str(error)) from None


def _name(request: Request, given: Mapping[str, Any]) -> str:
  name = given.get("name") or request.query.get("name")
  if not name:
    raise refusals.invalid("Required parameter: name")
  return str(name)


def _location(request: Request, bucket: str, key: str) -> str:
  host = request.headers.get("host", "")
  path = f"/upload/storage/v1/b/{bucket}/o"
  return f"http://{host}{path}?uploadType=resumable&upload_id={key}"
