"""What this client remembers of its jobs: their handles and their keys."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from keras_remote_core import places, wire
from keras_remote_core.model import JobHandle


def remember(handle: JobHandle, key: bytes) -> None:
  """Keeps a job's handle, and its key in a file only the user can read."""
  _write(_handle_path(handle.job_id), wire.encode(handle))
  _write(_key_path(handle.job_id), key.hex().encode())


def forget(job_id: str) -> None:
  """Removes all that is remembered of a job; nothing there is fine."""
  for path in (_handle_path(job_id), _key_path(job_id)):
    path.unlink(missing_ok=True)


def handle(job_id: str) -> JobHandle | None:
  """A remembered handle."""
  with contextlib.suppress(FileNotFoundError):
    return wire.decode_handle(_handle_path(job_id).read_bytes())
  return None


def key(job_id: str) -> bytes | None:
  """A remembered key."""
  with contextlib.suppress(FileNotFoundError):
    return bytes.fromhex(_key_path(job_id).read_text())
  return None


def handles() -> Iterator[JobHandle]:
  """All remembered handles that this version can read, newest first."""
  return wire.read_handles(_folder().glob("*.json"))


def _folder() -> Path:
  return places.state_dir() / "jobs"


def _handle_path(job_id: str) -> Path:
  return _folder() / f"{job_id}.json"


def _key_path(job_id: str) -> Path:
  return _folder() / f"{job_id}.key"


def _write(path: Path, data: bytes) -> None:
  path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
  # mkstemp makes files that only their owner can read.
  descriptor, name = tempfile.mkstemp(dir=path.parent)
  with os.fdopen(descriptor, "wb") as file:
    file.write(data)
  os.replace(name, path)
