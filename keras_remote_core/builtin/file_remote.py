"""A store in a folder; the standard library only, for either side.

Objects appear whole or not at all: they are written beside their place and
then linked or renamed into it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_LINKLESS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK)
_NO_PARTS = frozenset(("", ".", ".."))
_TEMPORARY = ".writing-"


class FolderStore:
  """Objects as files below ``root``."""

  def __init__(self, root: Path) -> None:
    self._root = root

  def put(self, source: Path, key: str) -> None:
    with self._staged(key) as temporary:
      shutil.copyfile(source, temporary)
      os.replace(temporary, self._path(key))

  def get(self, key: str, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.part")
    try:
      shutil.copyfile(self._object(key), temporary)
      os.replace(temporary, target)
    finally:
      temporary.unlink(missing_ok=True)

  def read(self, key: str) -> bytes:
    return self._object(key).read_bytes()

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    with self._staged(key) as temporary:
      temporary.write_bytes(data)
      if only_if_absent:
        _claim(temporary, self._path(key))
      else:
        os.replace(temporary, self._path(key))

  def touch(self, key: str) -> bool:
    try:
      os.utime(self._object(key))
    except FileNotFoundError:
      return False
    return True

  def exists(self, key: str) -> bool:
    return self._path(key).is_file()

  def list(self, prefix: str) -> Iterator[tuple[str, int, float]]:
    folder = prefix.rpartition("/")[0]
    start = self._path(folder) if folder else self._root
    keys = sorted(key for key in self._keys(start) if key.startswith(prefix))
    for key in keys:
      with contextlib.suppress(FileNotFoundError):
        status = self._path(key).stat()
        yield key, status.st_size, status.st_mtime

  def delete(self, prefix: str) -> None:
    path = self._path(prefix.rstrip("/"))
    with contextlib.suppress(FileNotFoundError):
      if path.is_dir():
        shutil.rmtree(path)
      else:
        path.unlink()

  def url(self, key: str) -> str:
    return (self._root / key).as_uri()

  def _object(self, key: str) -> Path:
    path = self._path(key)
    if not path.is_file():
      raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), key)
    return path

  def _path(self, key: str) -> Path:
    printable = key.isprintable() and "\\" not in key
    if not printable or not _NO_PARTS.isdisjoint(key.split("/")):
      raise ValueError(f"not a key: {key!r}")
    return self._root / key

  def _keys(self, start: Path) -> Iterator[str]:
    for folder, _, names in os.walk(start):
      for name in names:
        if not name.startswith(_TEMPORARY):
          yield (Path(folder) / name).relative_to(self._root).as_posix()

  @contextlib.contextmanager
  def _staged(self, key: str) -> Iterator[Path]:
    """A temporary file beside the key's place, gone in the end."""
    folder = self._path(key).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=folder)
    os.close(handle)
    try:
      yield Path(name)
    finally:
      Path(name).unlink(missing_ok=True)


def _claim(temporary: Path, path: Path) -> None:
  """Moves a file to a name that must be free."""
  try:
    # Of all racing links to one name, the file system lets one succeed.
    os.link(temporary, path)
  except OSError as error:
    if error.errno not in _LINKLESS:
      raise
    # Some shared disks have no links; there a reader may see half of it.
    with open(path, "xb") as file:
      file.write(temporary.read_bytes())


def connect(url: str) -> FolderStore:
  """Opens ``file:///folder``."""
  parts = urllib.parse.urlsplit(url)
  if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
    raise ValueError(f"not a file:// URL of this machine: {url}")
  return FolderStore(Path(urllib.request.url2pathname(parts.path)))
