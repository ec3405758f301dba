"""The verbs of an artifact store, in requests."""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import io
import json
import os
import secrets
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .api import Api, Request  # noqa: TID252
from .names import checked, escaped, modified, now  # noqa: TID252
from .transfers import Download, Upload  # noqa: TID252

_JSON = {"Content-Type": "application/json; charset=UTF-8"}
# Beyond it, an upload is worth a second request so that it can be resumed.
_LARGE = 8 * 1024 * 1024


class GcsRemote:
  """Objects in a bucket, whose names begin with ``folder``."""

  def __init__(self, bucket: str, folder: str, api: Api) -> None:
    self._bucket, self._folder, self._api = bucket, folder, api
    self._objects = f"/storage/v1/b/{bucket}/o"
    self._uploads = f"/upload{self._objects}?uploadType="

  def put(self, source: Path, key: str) -> None:
    size = source.stat().st_size
    if size <= _LARGE:
      self.write(key, source.read_bytes())
      return
    with open(source, "rb") as file:
      new = self._new(key, hashlib.file_digest(file, _md5).digest())
    target = f"{self._uploads}resumable"
    begun = self._api.ask(Request("POST", target, _JSON, _encoded(new)))
    session = urllib.parse.urlsplit(begun.headers["Location"])
    target = f"{session.path}?{session.query}"
    Upload(self._api, target, source, size).send()

  def get(self, key: str, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.part")
    try:
      with open(temporary, "wb") as file:
        Download(self._api, self._path(key), file).fetch()
      os.replace(temporary, target)
    finally:
      temporary.unlink(missing_ok=True)

  def read(self, key: str) -> bytes:
    buffer = io.BytesIO()
    Download(self._api, self._path(key), buffer).fetch()
    return buffer.getvalue()

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    new = self._new(key, _md5(data).digest())
    absent = "&ifGenerationMatch=0" if only_if_absent else ""
    target = f"{self._uploads}multipart{absent}"
    try:
      self._api.ask(Request("POST", target, *_related(new, data)))
    except FileExistsError:
      # It may be there by an earlier attempt of this very call.
      if self._told(key).get("metadata") != new["metadata"]:
        raise

  def touch(self, key: str) -> bool:
    changes = _encoded({"customTime": now()})
    try:
      self._api.ask(Request("PATCH", self._path(key), _JSON, changes))
    except FileNotFoundError:
      return False
    except OSError as error:
      # No time is set back: by somebody's clock it is younger already.
      if error.errno != errno.EINVAL or not self.exists(key):
        raise
    return True

  def exists(self, key: str) -> bool:
    return bool(self._told(key))

  def list(self, prefix: str) -> Iterator[tuple[str, int, float]]:
    for item in self._items(self._folder + prefix):
      key = item["name"].removeprefix(self._folder)
      yield key, int(item["size"]), modified(item)

  def delete(self, prefix: str) -> None:
    name = self._folder + checked(prefix.rstrip("/"))
    below = [item["name"] for item in self._items(f"{name}/")]
    for each in (name, *below):
      with contextlib.suppress(FileNotFoundError):
        self._api.ask(Request("DELETE", f"{self._objects}/{escaped(each)}"))

  def url(self, key: str) -> str:
    return f"gs://{self._bucket}/{self._folder}{key}"

  def _path(self, key: str) -> str:
    return f"{self._objects}/{escaped(self._folder + checked(key))}"

  def _new(self, key: str, md5: bytes) -> dict[str, Any]:
    """What is said of a new object, by this writing of it alone."""
    return {
      "name": self._folder + checked(key),
      "contentType": "application/octet-stream",
      "customTime": now(),
      "md5Hash": base64.b64encode(md5).decode(),
      "metadata": {"writer": secrets.token_hex(16)},
    }

  def _told(self, key: str) -> dict[str, Any]:
    """What is known of an object; nothing where there is none."""
    with contextlib.suppress(FileNotFoundError):
      return self._api.json(f"{self._path(key)}?fields=name,metadata")
    return {}

  def _items(self, prefix: str) -> Iterator[dict[str, Any]]:
    fields = "items(name,size,updated,customTime),nextPageToken"
    query = {"prefix": prefix, "fields": fields}
    while True:
      page = self._api.json(f"{self._objects}?{urllib.parse.urlencode(query)}")
      yield from page.get("items", ())
      if "nextPageToken" not in page:
        return
      query["pageToken"] = page["nextPageToken"]


def _md5(data: bytes = b"") -> Any:
  return hashlib.md5(data, usedforsecurity=False)


def _encoded(value: dict[str, Any]) -> bytes:
  return json.dumps(value).encode()


def _related(new: dict[str, Any], data: bytes) -> tuple[dict[str, str], bytes]:
  """The headers and the body of an upload in one request."""
  boundary = secrets.token_hex(16)
  kinds = (_JSON["Content-Type"], new["contentType"])
  heads = [f"--{boundary}\r\nContent-Type: {each}\r\n\r\n" for each in kinds]
  body = b"".join(
    (
      heads[0].encode(),
      _encoded(new),
      f"\r\n{heads[1]}".encode(),
      data,
      f"\r\n--{boundary}--\r\n".encode(),
    )
  )
  return {"Content-Type": f"multipart/related; boundary={boundary}"}, body
