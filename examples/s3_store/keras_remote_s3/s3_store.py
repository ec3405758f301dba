"""The ``s3`` artifact store: obstore's client, one for each store."""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Context, Entry
from keras_remote_s3 import client
from keras_remote_s3.failures import said
from keras_remote_s3.s3_remote import names
from keras_remote_s3.s3_remote.api import Api
from keras_remote_s3.s3_remote.store import S3Remote

if TYPE_CHECKING:
  from obstore.store import S3Store as Bucket

_BLOCK = 8 * 1024 * 1024
_WRITER = "writer"


class S3Store:
  """Objects in a bucket, below a folder if the URL names one.

  Its client is made by the first request: a plan has a store and asks nothing.
  """

  def __init__(self, settings: None, context: Context) -> None:
    del settings
    try:
      self._name, self._folder = names.place(context.store_url)
    except ValueError as error:
      remedy = "name a bucket: store='s3://bucket/folder'"
      raise StoreError(str(error), remedy=remedy) from error

  @functools.cached_property
  def _bucket(self) -> Bucket:
    return client.bucket(self._name, os.environ)

  def put(self, source: Path, key: str) -> None:
    with said(self._name, f"write {key} to"):
      self._bucket.put(self._object(key), source)

  def get(self, key: str, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.part")
    with said(self._name, f"copy {key} from", FileNotFoundError):
      try:
        with open(temporary, "wb") as file:
          found = self._bucket.get(self._object(key))
          file.writelines(found.stream(min_chunk_size=_BLOCK))
        os.replace(temporary, target)
      finally:
        temporary.unlink(missing_ok=True)

  def read(self, key: str) -> bytes:
    with said(self._name, f"read {key} from", FileNotFoundError):
      data: bytes = self._bucket.get(self._object(key)).bytes().to_bytes()
      return data

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    with said(self._name, f"write {key} to", FileExistsError):
      if only_if_absent:
        self._claim(self._object(key), data)
      else:
        self._bucket.put(self._object(key), data)

  def touch(self, key: str) -> bool:
    with said(self._name, f"renew {key} in"):
      # No copy of obstore's renews an object; the other side's does.
      return self._remote.touch(key)

  def exists(self, key: str) -> bool:
    with said(self._name, f"look for {key} in"):
      try:
        self._bucket.head(self._object(key))
      except FileNotFoundError:
        return False
      return True

  def list(self, prefix: str) -> Iterator[Entry]:
    folder = prefix.rpartition("/")[0]
    start = self._folder + folder
    with said(self._name, f"list {prefix} in"):
      for page in self._bucket.list(start):
        for each in page:
          key = each["path"].removeprefix(self._folder)
          if key.startswith(prefix):
            modified = each["last_modified"].timestamp()
            yield Entry(key, each["size"], modified)

  def delete(self, prefix: str) -> None:
    with said(self._name, f"delete {prefix} from"):
      name = self._object(prefix.rstrip("/"))
      below = [
        each["path"] for page in self._bucket.list(name) for each in page
      ]
      self._bucket.delete([name, *below])

  def url(self, key: str) -> str:
    return f"s3://{self._name}/{self._folder}{key}"

  @functools.cached_property
  def _remote(self) -> S3Remote:
    api = Api(client.access(os.environ))
    return S3Remote(self._name, self._folder, api)

  def _object(self, key: str) -> str:
    return self._folder + names.checked(key)

  def _claim(self, name: str, data: bytes) -> None:
    from obstore.exceptions import AlreadyExistsError

    mark = {_WRITER: secrets.token_hex(16)}
    try:
      self._bucket.put(name, data, mode="create", attributes=mark)
    except (AlreadyExistsError, FileExistsError) as error:
      # It may be there by an earlier attempt of this very call.
      found = self._bucket.get(name).attributes
      if found.get(_WRITER) != mark[_WRITER]:
        raise FileExistsError(name) from error
