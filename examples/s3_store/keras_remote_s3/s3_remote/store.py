"""The verbs of an artifact store, in requests."""

from __future__ import annotations

import contextlib
import http.client
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from . import answers, multipart  # noqa: TID252
from .api import Api  # noqa: TID252
from .download import Download  # noqa: TID252
from .names import checked  # noqa: TID252
from .signing import Request  # noqa: TID252

# Names the one writing that made an object.
_WRITER = "x-amz-meta-writer"


class S3Remote:
  """Objects in a bucket, whose names begin with ``folder``."""

  def __init__(self, bucket: str, folder: str, api: Api) -> None:
    self._bucket, self._folder, self._api = bucket, folder, api

  def put(self, source: Path, key: str) -> None:
    if source.stat().st_size <= multipart.LARGE:
      self.write(key, source.read_bytes())
    else:
      multipart.Multipart(self._api, self._path(key)).upload(source)

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
    mark = secrets.token_hex(16)
    absent = {"If-None-Match": "*"} if only_if_absent else {}
    headers = {_WRITER: mark, **absent}
    try:
      self._api.ask(Request("PUT", self._path(key), {}, headers, data))
    except FileExistsError:
      # It may be there by an earlier attempt of this very call.
      told = self._told(key)
      if told is None or told[_WRITER] != mark:
        raise

  def touch(self, key: str) -> bool:
    path, told = self._path(key), self._told(key)
    if told is None:
      return False
    size = int(told["Content-Length"])
    try:
      if size > multipart.COPIED_AT_ONCE:
        multipart.Multipart(self._api, path).renew(size)
      else:
        self._api.ask(Request("PUT", path, {}, _onto_itself(path)))
    except FileNotFoundError:
      return False
    return True

  def exists(self, key: str) -> bool:
    return self._told(key) is not None

  def list(self, prefix: str) -> Iterator[tuple[str, int, float]]:
    for name, size, modified in self._objects(self._folder + prefix):
      yield name.removeprefix(self._folder), size, modified

  def delete(self, prefix: str) -> None:
    name = self._folder + checked(prefix.rstrip("/"))
    below = [each for each, _, _ in self._objects(f"{name}/")]
    for each in (name, *below):
      self._api.ask(Request("DELETE", f"/{self._bucket}/{each}"))

  def url(self, key: str) -> str:
    return f"s3://{self._bucket}/{self._folder}{key}"

  def _path(self, key: str) -> str:
    return f"/{self._bucket}/{self._folder}{checked(key)}"

  def _told(self, key: str) -> http.client.HTTPMessage | None:
    """What is known of an object; None where there is none."""
    with contextlib.suppress(FileNotFoundError):
      return self._api.ask(Request("HEAD", self._path(key))).headers
    return None

  def _objects(self, prefix: str) -> Iterator[answers.Object]:
    query = {"list-type": "2", "prefix": prefix}
    while True:
      answer = self._api.ask(Request("GET", f"/{self._bucket}", query))
      page = answers.page(answer.data)
      yield from page.objects
      if not page.token:
        return
      query["continuation-token"] = page.token


def _onto_itself(path: str) -> dict[str, str]:
  """What has S3 copy an object onto itself, which is how one gets younger."""
  return {**multipart.source_of(path), "x-amz-metadata-directive": "REPLACE"}
