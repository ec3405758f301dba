"""Files on their way: in one stream, or large ones in parallel parts."""

from __future__ import annotations

import base64
import errno
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
  from google.cloud.storage import Blob

_BINARY = "application/octet-stream"
# Below it, one stream is as fast; parts are what one worker holds in memory.
_LARGE = 64 * 1024 * 1024
_PART = 16 * 1024 * 1024
_WORKERS = 8


def write(blob: Blob, data: bytes, options: dict[str, Any]) -> None:
  """Stores bytes, verified by the service."""
  blob.upload_from_string(data, content_type=_BINARY, **options)


def upload(source: Path, blob: Blob, options: dict[str, Any]) -> None:
  """Uploads a file, verified by the service."""
  if source.stat().st_size > _LARGE:
    _upload_parts(source, blob, options)
  else:
    blob.upload_from_filename(str(source), content_type=_BINARY, **options)


def download(blob: Blob, target: Path, options: dict[str, Any]) -> None:
  """Downloads an object whose size and checksum are known, and verifies it."""
  wanted = blob.crc32c
  if blob.size > _LARGE:
    _download_parts(blob, target, options)
    return
  with open(target, "wb") as file:
    blob.download_to_file(file, checksum=None, **options)
  _verify(_crc32c_of(target), wanted, blob.name)


def read(blob: Blob, options: dict[str, Any]) -> bytes:
  """The bytes of an object, verified."""
  import google_crc32c

  # The client verifies nothing that it had to resume.
  data: bytes = blob.download_as_bytes(checksum=None, **options)
  _verify(google_crc32c.value(data), blob.crc32c, blob.name)
  return data


def _upload_parts(source: Path, blob: Blob, options: dict[str, Any]) -> None:
  from google.cloud.storage import transfer_manager

  transfer_manager.upload_chunks_concurrently(
    str(source),
    blob,
    content_type=_BINARY,
    chunk_size=_PART,
    # Processes would start the caller's script again.
    worker_type=transfer_manager.THREAD,
    max_workers=_WORKERS,
    **options,
  )


def _download_parts(blob: Blob, target: Path, options: dict[str, Any]) -> None:
  from google.cloud.storage import transfer_manager

  transfer_manager.download_chunks_concurrently(
    blob,
    str(target),
    chunk_size=_PART,
    download_kwargs=options,
    worker_type=transfer_manager.THREAD,
    max_workers=_WORKERS,
  )


def _crc32c_of(path: Path) -> int:
  import google_crc32c

  found = 0
  with open(path, "rb") as file:
    while block := file.read(1024 * 1024):
      found = google_crc32c.extend(found, block)
  return found


def _verify(found: int, wanted: str | None, name: str) -> None:
  told = base64.b64encode(found.to_bytes(4, "big")).decode()
  if wanted not in (None, told):
    raise OSError(errno.EIO, "other bytes came than are stored", name)
