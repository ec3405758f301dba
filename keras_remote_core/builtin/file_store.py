"""The ``file`` artifact store: a folder on this machine or a shared disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from keras_remote_core.builtin import file_remote
from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Context, Entry


class FileStore:
  """A folder, with failures said in the store's words."""

  def __init__(self, settings: None, context: Context) -> None:
    del settings
    self._url = context.store_url
    with self._failures("open"):
      self._folder = file_remote.connect(context.store_url)

  def put(self, source: Path, key: str) -> None:
    with self._failures(f"write {key} to"):
      self._folder.put(source, key)

  def get(self, key: str, target: Path) -> None:
    with self._failures(f"copy {key} from", FileNotFoundError):
      self._folder.get(key, target)

  def read(self, key: str) -> bytes:
    with self._failures(f"read {key} from", FileNotFoundError):
      return self._folder.read(key)

  def write(self, key: str, data: bytes, only_if_absent: bool = False) -> None:
    with self._failures(f"write {key} to", FileExistsError):
      self._folder.write(key, data, only_if_absent)

  def touch(self, key: str) -> bool:
    with self._failures(f"renew {key} in"):
      return self._folder.touch(key)

  def exists(self, key: str) -> bool:
    with self._failures(f"look for {key} in"):
      return self._folder.exists(key)

  def list(self, prefix: str) -> Iterator[Entry]:
    with self._failures(f"list {prefix} in"):
      yield from (Entry(*each) for each in self._folder.list(prefix))

  def delete(self, prefix: str) -> None:
    with self._failures(f"delete {prefix} from"):
      self._folder.delete(prefix)

  def url(self, key: str) -> str:
    return self._folder.url(key)

  @contextlib.contextmanager
  def _failures(
    self, what: str, answer: type[OSError] | tuple[()] = ()
  ) -> Iterator[None]:
    """Says failures in the store's words; ``answer`` is not a failure."""
    try:
      yield
    except answer:
      raise
    except (OSError, ValueError) as error:
      raise StoreError(
        f"cannot {what} the store {self._url}: {error}",
        remedy="give a folder you can write to: store='file:///path', or"
        " KERAS_REMOTE_STORE",
      ) from error
