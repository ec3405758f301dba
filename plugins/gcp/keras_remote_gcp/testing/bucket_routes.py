"""The JSON API's requests about buckets."""

from __future__ import annotations

from typing import Any

from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.objects import Objects


class BucketRoutes:
  """Answers from ``objects``."""

  def __init__(self, objects: Objects) -> None:
    self._objects = objects

  def create(self, request: Request) -> Response:
    name = request.json()["name"]
    self._objects.create_bucket(name)
    return Response.json(_resource(name))

  def get(self, request: Request, bucket: str) -> Response:
    del request
    self._objects.bucket(bucket)
    return Response.json(_resource(bucket))

  def permissions(self, request: Request, bucket: str) -> Response:
    """All that are asked for: here, everybody may do everything."""
    self._objects.bucket(bucket)
    asked = [
      text for name, text in request.query_pairs if name == "permissions"
    ]
    kind = "storage#testIamPermissionsResponse"
    return Response.json({"kind": kind, "permissions": asked})


def _resource(name: str) -> dict[str, Any]:
  return {
    "kind": "storage#bucket",
    "id": name,
    "name": name,
    "location": "US-CENTRAL1",
    "storageClass": "STANDARD",
  }
