"""Cloud Storage on this machine, for the real clients."""

from __future__ import annotations

import datetime
import re
import urllib.parse
from collections.abc import Callable

from keras_remote_gcp.testing import batches, refusals
from keras_remote_gcp.testing.bucket_routes import BucketRoutes
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.metadata import MetadataServer
from keras_remote_gcp.testing.object_routes import ObjectRoutes
from keras_remote_gcp.testing.objects import Objects
from keras_remote_gcp.testing.running import Running
from keras_remote_gcp.testing.server import Server
from keras_remote_gcp.testing.uploads import Uploads
from keras_remote_gcp.testing.xml_uploads import XmlUploads


class StorageServer(Running):
  """The JSON API, and of the XML API the multipart uploads.

  Generations and their preconditions, checksums, custom times, ranges, pages
  and batches are as they are there; access control is not: whoever has a good
  token may do everything.

  Args:
    metadata: whose tokens are asked for; None: nobody is asked for any.

  Attributes:
    server: with its faults, which happen to the parts of a batch as well.
    xml_uploads: ``xml_uploads.open`` counts those that were left behind.
  """

  def __init__(self, metadata: MetadataServer | None = None) -> None:
    self._tokens = metadata.tokens if metadata else None
    self._objects = Objects()
    self._routes = _routes(self._objects)
    self.xml_uploads = XmlUploads(self._objects)
    self.server = Server(self._answer)

  @property
  def environ(self) -> dict[str, str]:
    """What makes clients come here."""
    return {"STORAGE_EMULATOR_HOST": self.server.url}

  def create_bucket(self, name: str) -> None:
    self._objects.create_bucket(name)

  def objects(self, bucket: str) -> dict[str, bytes]:
    """The bytes of everything in a bucket, by key."""
    held = self._objects.bucket(bucket)
    return {key: each.data for key, each in sorted(held.items())}

  def crc32c(self, bucket: str, key: str) -> str:
    """An object's checksum, in base64."""
    return self._objects.get(bucket, key, {}).crc32c

  def overwrite(self, bucket: str, key: str, data: bytes) -> None:
    """What somebody else might do at any time."""
    self._objects.put(bucket, key, data, {}, {})

  def remove(self, bucket: str, key: str) -> None:
    self._objects.delete(bucket, key, {})

  def renew(self, bucket: str, key: str, time: datetime.datetime) -> None:
    """Sets the time that an object was renewed at."""
    changes = {"customTime": time.isoformat()}
    self._objects.patch(bucket, key, changes, {})

  def start(self) -> None:
    self.server.start()

  def stop(self) -> None:
    self.server.stop()

  def _answer(self, request: Request) -> Response:
    try:
      if self._tokens and not self._tokens.allows(request.headers):
        raise refusals.unauthorized()
      if request.path == "/batch/storage/v1":
        return batches.answer(request, self._part)
      return self._routed(request)
    except refusals.Refusal as refused:
      return refused.response()

  def _part(self, request: Request) -> Response:
    """The answer to a part of a batch."""
    fault = self.server.faults.take(request.method, request.path, request.query)
    if fault is not None and fault.status is not None:
      return Response(status=fault.status, body=fault.body)
    return self._answer(request)

  def _routed(self, request: Request) -> Response:
    if not {"uploads", "uploadId"}.isdisjoint(request.query):
      bucket, _, name = request.path.strip("/").partition("/")
      named = urllib.parse.unquote(name)
      return self.xml_uploads.answer(request, bucket, named)
    for method, pattern, answer in self._routes:
      match = re.fullmatch(pattern, request.path)
      if method == request.method and match:
        return answer(request, *map(urllib.parse.unquote, match.groups()))
    raise refusals.Refusal(404, f"Not Found: {request.method} {request.path}")


def _routes(objects: Objects) -> list[tuple[str, str, Callable[..., Response]]]:
  """What answers which method and path; the path's groups are arguments."""
  buckets, held = BucketRoutes(objects), ObjectRoutes(objects)
  uploads = Uploads(objects)
  json, upload = (
    r"(?:/download)?/storage/v1/b",
    r"/upload/storage/v1/b/([^/]+)/o",
  )
  return [
    ("POST", json, buckets.create),
    ("GET", rf"{json}/([^/]+)", buckets.get),
    ("GET", rf"{json}/([^/]+)/iam/testPermissions", buckets.permissions),
    ("GET", rf"{json}/([^/]+)/o", held.list),
    ("GET", rf"{json}/([^/]+)/o/([^/]+)", held.get),
    ("PATCH", rf"{json}/([^/]+)/o/([^/]+)", held.patch),
    ("DELETE", rf"{json}/([^/]+)/o/([^/]+)", held.delete),
    ("POST", upload, uploads.begin),
    ("PUT", upload, uploads.proceed),
    ("DELETE", upload, uploads.cancel),
  ]
