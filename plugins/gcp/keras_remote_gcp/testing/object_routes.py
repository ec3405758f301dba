"""The JSON API's requests about objects that are there."""

from __future__ import annotations

from typing import Any

from keras_remote_gcp.testing import ranges, refusals
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.objects import Objects

_PAGE = 1000


class ObjectRoutes:
  """Answers from ``objects``, which are named decoded."""

  def __init__(self, objects: Objects) -> None:
    self._objects = objects

  def get(self, request: Request, bucket: str, name: str) -> Response:
    """The resource, or with ``alt=media`` the bytes."""
    found = self._objects.get(bucket, name, request.query)
    if request.query.get("alt") != "media":
      return Response.json(found.resource())
    return _media(request.headers.get("range"), found.data, found.headers())

  def patch(self, request: Request, bucket: str, name: str) -> Response:
    changes = request.json() or {}
    made = self._objects.patch(bucket, name, changes, request.query)
    return Response.json(made.resource())

  def delete(self, request: Request, bucket: str, name: str) -> Response:
    self._objects.delete(bucket, name, request.query)
    return Response(status=204)

  def list(self, request: Request, bucket: str) -> Response:
    """One page, in the order of the names' UTF-8."""
    query = request.query
    begin = max(query.get("startOffset", ""), query.get("pageToken", ""))
    found = [
      each
      for name, each in sorted(self._objects.bucket(bucket).items())
      if name.startswith(query.get("prefix", "")) and name >= begin
    ]
    size = min(_PAGE, int(query.get("maxResults", _PAGE)))
    page: dict[str, Any] = {"kind": "storage#objects"}
    if found:
      page["items"] = [each.resource() for each in found[:size]]
    if len(found) > size:
      page["nextPageToken"] = found[size].name
    return Response.json(page)


def _media(asked: str | None, data: bytes, headers: dict[str, str]) -> Response:
  try:
    wanted = ranges.asked(asked, len(data))
  except ranges.Unsatisfiable:
    told = {"Content-Range": f"bytes */{len(data)}"}
    refused = refusals.Refusal(416, "Request range not satisfiable")
    return Response.json({"error": refused.message}, status=416, headers=told)
  if wanted is None:
    return Response(body=data, headers=headers)
  place = f"bytes {wanted.start}-{wanted.stop - 1}/{len(data)}"
  return Response(
    status=206,
    body=data[wanted.start : wanted.stop],
    headers={**headers, "Content-Range": place},
  )
