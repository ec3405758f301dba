"""What an emulated build reads, checks and writes."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping
from typing import Any

from keras_remote_gcp.testing.storage import StorageServer


def wrong(build: Any) -> str | None:
  """Why the real service would not even take a build."""
  if build.options.logging.name == "GCS_ONLY" and not build.logs_bucket:
    return "GCS_ONLY needs a logs bucket"
  if build.service_account and not build.logs_bucket:
    return "build.service_account needs a logs bucket of its own"
  lengths = [len(each) for step in build.steps for each in step.args]
  if max(lengths) > 10_000:  # https://cloud.google.com/build/quotas
    return "an argument is too long"
  return None


def tag(build: Any) -> str:
  """The reference that a build pushes."""
  arguments = [str(each) for step in build.steps for each in step.args]
  tags = [each for each in arguments if each.startswith("--tag=")]
  return tags[0].removeprefix("--tag=")


def unpacked(build: Any, storage: StorageServer) -> dict[str, bytes]:
  """The files of a build's archive; none where there is no archive."""
  source = build.source.storage_source
  packed = storage.objects(source.bucket).get(source.object_)
  if packed is None:
    return {}
  with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
    found = {each.name: archive.extractfile(each) for each in archive}
    return {name: file.read() for name, file in found.items() if file}


def verified(build: Any, files: Mapping[str, bytes]) -> bool:
  """Whether the files are those that the first step expects."""
  expected = dict(each.split("  ")[::-1] for each in build.steps[0].args[3:])
  found = {
    name: hashlib.sha256(data).hexdigest() for name, data in files.items()
  }
  return bool(expected) and expected.items() <= found.items()


class Log:
  """A build's log, which grows in the bucket that the build names."""

  def __init__(self, build: Any, storage: StorageServer) -> None:
    folder = build.logs_bucket.removeprefix("gs://")
    self._bucket, _, prefix = folder.partition("/")
    self._key = f"{prefix}/log-{build.id}.txt".lstrip("/")
    self._build, self._storage, self._text = build, storage, ""

  def write(self, step: int, line: str) -> None:
    name = self._build.steps[step].id
    self._text += f'Step #{step} - "{name}": {line}\n'
    self._storage.overwrite(self._bucket, self._key, self._text.encode())
