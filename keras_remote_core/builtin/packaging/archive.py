"""The source archive: the same tree always gives the same bytes.

A gzipped tar in the order of paths. Times, owners and names of owners are
left out of it; modes are 644, or 755 for what its owner may execute.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
from pathlib import Path

from keras_remote_core.builtin.packaging.survey import Entry, Survey
from keras_remote_core.errors import PackagingError
from keras_remote_core.model import Blob

_LEVEL = 6


def write_archive(survey: Survey, target: Path) -> Blob:
  """Packs what a survey found.

  Raises:
    PackagingError: a file cannot be read or changes meanwhile, or the target
      cannot be written.
  """
  try:
    with open(target, "wb") as file:
      digest = _Digest(file)
      _compress(survey, digest)
  except OSError as error:
    raise PackagingError(
      f"cannot pack {survey.root} into {target}: {error}",
      remedy="call again, once no file of the tree changes and the disk has"
      " room; what is written to all the time belongs into .kerasremoteignore",
    ) from error
  return Blob(path=target, sha256=digest.hex(), size=digest.size)


class _Digest(io.RawIOBase):
  """Writes through to a file, keeping size and SHA-256."""

  def __init__(self, file: io.BufferedWriter) -> None:
    self._file = file
    self._sha256 = hashlib.sha256()
    self.size = 0

  def writable(self) -> bool:
    return True

  def write(self, data: bytes) -> int:  # type: ignore[override]
    self._sha256.update(data)
    self.size += len(data)
    return self._file.write(data)

  def hex(self) -> str:
    return self._sha256.hexdigest()


def _compress(survey: Survey, sink: _Digest) -> None:
  # An empty file name and no time keep gzip's own header the same.
  with (
    gzip.GzipFile("", "wb", _LEVEL, fileobj=sink, mtime=0) as zipped,
    tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
  ):
    for entry in survey.entries:
      _add(tar, survey.root, entry)


def _add(tar: tarfile.TarFile, root: Path, entry: Entry) -> None:
  member = tarfile.TarInfo(entry.path)
  if entry.link is not None:
    member.type, member.linkname = tarfile.SYMTYPE, entry.link
    member.mode = 0o777
    tar.addfile(member)
    return
  member.mode = 0o755 if entry.executable else 0o644
  with open(root / entry.path, "rb") as file:
    member.size = os.fstat(file.fileno()).st_size
    tar.addfile(member, file)
