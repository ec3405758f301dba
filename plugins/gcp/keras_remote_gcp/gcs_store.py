"""The ``gs`` artifact store: Google's own client, one for each store."""

from __future__ import annotations

import datetime
import functools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Context, Entry
from keras_remote_gcp import deleting, gcs_client, transfers
from keras_remote_gcp.gcs_failures import Site, said
from keras_remote_gcp.gcs_remote import names

if TYPE_CHECKING:
  from google.cloud.storage import Blob, Bucket, Client

_FIELDS = "items(name,size,updated,customTime),nextPageToken"


class GcsStore:
  """Objects in a bucket, below a folder if the URL names one.

  Its client is made by the first request: a plan has a store and asks nothing.
  """

  def __init__(self, settings: None, context: Context) -> None:
    del settings
    try:
      self._name, self._folder = names.place(context.store_url)
    except ValueError as error:
      remedy = "name a bucket: store='gs://bucket/folder'"
      raise StoreError(str(error), remedy=remedy) from error
    self._context = context

  @functools.cached_property
  def _site(self) -> Site:
    return Site.of(self._name, self._context)

  @functools.cached_property
  def _client(self) -> Client:
    return gcs_client.client(self._context)

  @functools.cached_property
  def _bucket(self) -> Bucket:
    return self._client.bucket(self._name)

  @functools.cached_property
  def _options(self) -> dict[str, Any]:
    return gcs_client.options()

  def put(self, source: Path, key: str) -> None:
    from google.cloud.storage.exceptions import InvalidResponse

    with said(self._site, f"write {key} to"):
      blob = self._new(key)
      try:
        transfers.upload(source, blob, self._options)
      except InvalidResponse:
        # Parts that became an object are gone, though its answer was lost.
        if not self._is_own(blob):
          raise

  def get(self, key: str, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.part")
    with said(self._site, f"copy {key} from", FileNotFoundError):
      try:
        self._download(key, temporary)
        os.replace(temporary, target)
      finally:
        temporary.unlink(missing_ok=True)

  def read(self, key: str) -> bytes:
    with said(self._site, f"read {key} from", FileNotFoundError):
      return transfers.read(self._blob(key), self._options)

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    with said(self._site, f"write {key} to", FileExistsError):
      blob = self._new(key)
      if only_if_absent:
        self._claim(blob, data)
      else:
        transfers.write(blob, data, self._options)

  def touch(self, key: str) -> bool:
    try:
      with said(self._site, f"renew {key} in", FileNotFoundError):
        return self._renew(self._blob(key))
    except FileNotFoundError:
      return False

  def exists(self, key: str) -> bool:
    with said(self._site, f"look for {key} in"):
      return bool(self._blob(key).exists(**self._options))

  def list(self, prefix: str) -> Iterator[Entry]:
    with said(self._site, f"list {prefix} in"):
      for blob in self._listed(self._folder + prefix, _FIELDS):
        key = blob.name.removeprefix(self._folder)
        times = (each for each in (blob.updated, blob.custom_time) if each)
        yield Entry(key, blob.size, max(times).timestamp())

  def delete(self, prefix: str) -> None:
    with said(self._site, f"delete {prefix} from"):
      name = self._folder + names.checked(prefix.rstrip("/"))
      found = self._listed(f"{name}/", "items(name),nextPageToken")
      every = [name, *(blob.name for blob in found)]
      deleting.delete(self._client, self._bucket, every, self._options)

  def url(self, key: str) -> str:
    return f"gs://{self._site.bucket}/{self._folder}{key}"

  def _blob(self, key: str) -> Blob:
    return self._bucket.blob(self._folder + names.checked(key))

  def _new(self, key: str) -> Blob:
    """An object to be written, marked by this writing of it alone."""
    blob = self._blob(key)
    blob.custom_time = _now()
    blob.metadata = {"writer": secrets.token_hex(16)}
    return blob

  def _is_own(self, blob: Blob) -> bool:
    """Whether what is stored comes from this very writing."""
    found = self._bucket.get_blob(blob.name, **self._options)
    return found is not None and found.metadata == blob.metadata

  def _claim(self, blob: Blob, data: bytes) -> None:
    from google.api_core.exceptions import PreconditionFailed

    absent = {**self._options, "if_generation_match": 0}
    try:
      transfers.write(blob, data, absent)
    except PreconditionFailed as error:
      # It may be there by an earlier attempt of this very call.
      if not self._is_own(blob):
        raise FileExistsError(blob.name) from error

  def _renew(self, blob: Blob) -> bool:
    from google.api_core.exceptions import BadRequest

    blob.custom_time = _now()
    try:
      blob.patch(**self._options)
    except BadRequest:
      # No time is set back: by somebody's clock it is younger already.
      return bool(blob.exists(**self._options))
    return True

  def _download(self, key: str, target: Path) -> None:
    from google.api_core.exceptions import NotFound

    while True:
      found = self._blob(key)
      found.reload(**self._options)
      try:
        return transfers.download(found, target, self._options)
      except NotFound:
        # It was replaced: this generation is gone, there may be another.
        continue

  def _listed(self, prefix: str, fields: str) -> Iterator[Any]:
    found: Iterator[Any] = self._client.list_blobs(
      self._bucket, prefix=prefix, fields=fields, **self._options
    )
    return found


def _now() -> datetime.datetime:
  return datetime.datetime.now(datetime.UTC)
