"""The XML API's multipart uploads: parts in any order, then one object."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from xml.etree import ElementTree

from attrs import field, frozen

from keras_remote_gcp.testing import refusals
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.objects import Objects
from keras_remote_gcp.testing.stored_object import checksums

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_XML = {"Content-Type": "application/xml; charset=UTF-8"}
# Of every part but the last.
_SMALLEST = 5 * 1024 * 1024


@frozen(kw_only=True)
class _Upload:
  """One upload that was begun; its parts by number."""

  bucket: str
  name: str
  headers: Mapping[str, str]
  parts: dict[int, bytes] = field(factory=dict, repr=False)


class XmlUploads:
  """Takes multipart uploads into ``objects``."""

  def __init__(self, objects: Objects) -> None:
    self._objects = objects
    self._uploads: dict[str, _Upload] = {}
    self._numbers = itertools.count(1)

  @property
  def open(self) -> int:
    """How many were begun and neither ended nor given up."""
    return len(self._uploads)

  def answer(self, request: Request, bucket: str, name: str) -> Response:
    query = request.query
    if request.method == "POST" and "uploads" in query:
      return self._begin(request, bucket, name)
    key = query.get("uploadId", "")
    upload = self._uploads.get(key)
    if upload is None or (upload.bucket, upload.name) != (bucket, name):
      return _error(404, "NoSuchUpload")
    if request.method == "PUT":
      return _part(upload, int(query["partNumber"]), request)
    if request.method == "POST":
      return self._end(key, upload, request)
    del self._uploads[key]
    return Response(status=204)

  def _begin(self, request: Request, bucket: str, name: str) -> Response:
    try:
      self._objects.bucket(bucket)
    except refusals.Refusal:
      return _error(404, "NoSuchBucket")
    key = f"multipart-{next(self._numbers)}"
    self._uploads[key] = _Upload(
      bucket=bucket, name=name, headers=request.headers
    )
    told = {"Bucket": bucket, "Key": name, "UploadId": key}
    return _xml("InitiateMultipartUploadResult", told)

  def _end(self, key: str, upload: _Upload, request: Request) -> Response:
    listed = _listed(request.body)
    if any(_etag(upload.parts.get(n, b"")) != tag for n, tag in listed.items()):
      return _error(400, "InvalidPart")
    parts = [upload.parts[number] for number in sorted(listed)]
    if any(len(part) < _SMALLEST for part in parts[:-1]):
      return _error(400, "EntityTooSmall")
    self._objects.put(
      upload.bucket,
      upload.name,
      b"".join(parts),
      _properties(upload.headers),
      {},
      composite=True,
    )
    del self._uploads[key]
    told = {"Bucket": upload.bucket, "Key": upload.name}
    return _xml("CompleteMultipartUploadResult", told)


def _part(upload: _Upload, number: int, request: Request) -> Response:
  crc32c, md5 = checksums(request.body)
  meant = request.headers.get("x-goog-hash", "")
  if meant and meant not in (f"crc32c={crc32c}", f"md5={md5}"):
    return _error(400, "BadDigest")
  upload.parts[number] = request.body
  hashes = f"crc32c={crc32c},md5={md5}"
  return Response(headers={"ETag": _etag(request.body), "X-Goog-Hash": hashes})


def _listed(body: bytes) -> dict[int, str]:
  """The ETags by number that a finished upload shall be made of."""
  return {
    int(part.findtext("PartNumber", "0")): part.findtext("ETag", "")
    for part in ElementTree.fromstring(body).iter("Part")
  }


def _properties(headers: Mapping[str, str]) -> dict[str, object]:
  prefix = "x-goog-meta-"
  return {
    "contentType": headers.get("content-type"),
    "customTime": headers.get("x-goog-custom-time"),
    "metadata": {
      name.removeprefix(prefix): text
      for name, text in headers.items()
      if name.startswith(prefix)
    },
  }


def _etag(data: bytes) -> str:
  return f'"{checksums(data)[1]}"'


def _xml(tag: str, told: Mapping[str, str]) -> Response:
  root = ElementTree.Element(tag, xmlns=_NAMESPACE)
  for name, text in told.items():
    ElementTree.SubElement(root, name).text = text
  return Response(body=ElementTree.tostring(root), headers=_XML)


def _error(status: int, code: str) -> Response:
  root = ElementTree.Element("Error")
  ElementTree.SubElement(root, "Code").text = code
  return Response(status=status, body=ElementTree.tostring(root), headers=_XML)
