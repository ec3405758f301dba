"""One object, and its resource as Cloud Storage writes it."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Mapping
from typing import Any, Self

import google_crc32c
from attrs import evolve, field, frozen

from keras_remote_gcp.testing import refusals


@frozen(kw_only=True)
class StoredObject:
  """An object's bytes, and what else is known of it.

  Args:
    crc32c: in base64, as is ``md5``, which objects made of parts lack.
    custom_time: as ``updated``; None: it was never set.
  """

  bucket: str
  name: str
  data: bytes = field(repr=False)
  crc32c: str
  md5: str | None
  generation: int = 0
  metageneration: int = 1
  created: datetime.datetime
  updated: datetime.datetime
  content_type: str = "application/octet-stream"
  custom_time: datetime.datetime | None = None
  metadata: Mapping[str, str] = field(factory=dict)

  @classmethod
  def of(
    cls,
    bucket: str,
    name: str,
    data: bytes,
    properties: Mapping[str, Any],
    composite: bool,
  ) -> Self:
    """A new object, unless its bytes are not those that were meant."""
    crc32c, md5 = checksums(data)
    for what, actual in (("crc32c", crc32c), ("md5Hash", md5)):
      if properties.get(what) not in (None, actual):
        told = f"Provided {what} {properties[what]!r} doesn't match {actual!r}."
        raise refusals.invalid(told)
    made = now()
    return cls(
      bucket=bucket,
      name=name,
      data=data,
      crc32c=crc32c,
      md5=None if composite else md5,
      created=made,
      updated=made,
      content_type=properties.get("contentType") or "application/octet-stream",
      custom_time=custom_time(properties),
      metadata=dict(properties.get("metadata") or {}),
    )

  def patched(self, changes: Mapping[str, Any]) -> Self:
    """With some properties changed; metadata is merged, None removes."""
    merged = {**self.metadata, **(changes.get("metadata") or {})}
    return evolve(
      self,
      metageneration=self.metageneration + 1,
      updated=now(),
      content_type=changes.get("contentType", self.content_type),
      custom_time=custom_time(changes) or self.custom_time,
      metadata={key: text for key, text in merged.items() if text is not None},
    )

  def resource(self) -> dict[str, Any]:
    """As the JSON API tells it."""
    told = {
      "kind": "storage#object",
      "id": f"{self.bucket}/{self.name}/{self.generation}",
      "bucket": self.bucket,
      "name": self.name,
      "size": str(len(self.data)),
      "crc32c": self.crc32c,
      "md5Hash": self.md5,
      "etag": self.etag,
      "generation": str(self.generation),
      "metageneration": str(self.metageneration),
      "timeCreated": rfc3339(self.created),
      "updated": rfc3339(self.updated),
      "customTime": rfc3339(self.custom_time) if self.custom_time else None,
      "contentType": self.content_type,
      "storageClass": "STANDARD",
      "metadata": dict(self.metadata) or None,
    }
    return {key: each for key, each in told.items() if each is not None}

  def headers(self) -> dict[str, str]:
    """As an answer with its bytes tells it."""
    md5 = f",md5={self.md5}" if self.md5 else ""
    return {
      "Content-Type": self.content_type,
      "ETag": self.etag,
      "X-Goog-Generation": str(self.generation),
      "X-Goog-Metageneration": str(self.metageneration),
      "X-Goog-Hash": f"crc32c={self.crc32c}{md5}",
      "X-Goog-Storage-Class": "STANDARD",
      "X-Goog-Stored-Content-Encoding": "identity",
      "X-Goog-Stored-Content-Length": str(len(self.data)),
    }

  @property
  def etag(self) -> str:
    told = f"{self.generation}/{self.metageneration}".encode()
    return base64.b64encode(told).decode()


def checksums(data: bytes) -> tuple[str, str]:
  """The CRC32C and the MD5 of some bytes, in base64."""
  crc32c = google_crc32c.value(data).to_bytes(4, "big")
  md5 = hashlib.md5(data, usedforsecurity=False).digest()
  return base64.b64encode(crc32c).decode(), base64.b64encode(md5).decode()


def now() -> datetime.datetime:
  return datetime.datetime.now(datetime.UTC)


def rfc3339(time: datetime.datetime) -> str:
  """As Cloud Storage writes times: in UTC, which is called Z."""
  return f"{time.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def custom_time(properties: Mapping[str, Any]) -> datetime.datetime | None:
  """The custom time that somebody gives, if one is given."""
  text = properties.get("customTime")
  if text is None:
    return None
  try:
    parsed = datetime.datetime.fromisoformat(text)
  except ValueError:
    raise refusals.invalid(f"Invalid value for customTime: {text}") from None
  if parsed.tzinfo is None:
    raise refusals.invalid(f"customTime has no time zone: {text}")
  return parsed
