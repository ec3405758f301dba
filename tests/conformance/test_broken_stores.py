"""The store suite notices each way a store can break its promises."""

from __future__ import annotations

import inspect
import time

import pytest

from keras_remote_core.builtin.file_remote import FolderStore
from keras_remote_core.testing import ArtifactStoreConformance, MemoryStore

SUITE = ArtifactStoreConformance()


class NotFoundIsKeyError(MemoryStore):
  def read(self, key):
    try:
      return super().read(key)
    except FileNotFoundError:
      raise KeyError(key) from None


class GetMakesEmptyFiles(MemoryStore):
  def get(self, key, target):
    target.touch()
    super().get(key, target)


class TrimsValues(MemoryStore):
  def read(self, key):
    return super().read(key).strip(b"\xff\x00")


class Appends(MemoryStore):
  def write(self, key, data, only_if_absent=False):
    old = self.read(key) if self.exists(key) else b""
    super().write(key, old + data, only_if_absent)


class DropsEmptyObjects(MemoryStore):
  def write(self, key, data, only_if_absent=False):
    if data:
      super().write(key, data, only_if_absent)


class CutsLargeFiles(MemoryStore):
  def put(self, source, key):
    self.write(key, source.read_bytes()[: 1 << 20])


class LinksSources(FolderStore):
  def put(self, source, key):
    self._path(key).parent.mkdir(parents=True, exist_ok=True)
    self._path(key).hardlink_to(source)


class TakesFoldersForObjects(FolderStore):
  def exists(self, key):
    return self._path(key).exists()


class IgnoresOnlyIfAbsent(MemoryStore):
  def write(self, key, data, only_if_absent=False):
    super().write(key, data)


class LooksBeforeItWrites(MemoryStore):
  def write(self, key, data, only_if_absent=False):
    if only_if_absent and self.exists(key):
      raise FileExistsError(key)
    time.sleep(0.001)
    super().write(key, data)


class ListsAsStored(MemoryStore):
  def list(self, prefix):
    found = list(super().list(prefix))
    return iter(found[::-1])


class ListsFoldersOnly(MemoryStore):
  def list(self, prefix):
    folder = prefix if prefix.endswith("/") or not prefix else f"{prefix}/"
    return super().list(folder)


class CountsMilliseconds(MemoryStore):
  def list(self, prefix):
    for key, size, modified in super().list(prefix):
      yield key, size, modified * 1000


class TouchesNothing(MemoryStore):
  def touch(self, key):
    return self.exists(key)


class TouchMakesObjects(MemoryStore):
  def touch(self, key):
    if not self.exists(key):
      self.write(key, b"")
    return super().touch(key)


class NeverDeletes(MemoryStore):
  def delete(self, prefix):
    del prefix


class DeletesNeighbours(MemoryStore):
  def delete(self, prefix):
    for entry in list(self.list(prefix.rstrip("/"))):
      super().delete(entry.key)


class MissesNothing(MemoryStore):
  def delete(self, prefix):
    if not list(self.list(prefix)):
      raise FileNotFoundError(prefix)
    super().delete(prefix)


class KeepsAsciiOnly(MemoryStore):
  def write(self, key, data, only_if_absent=False):
    kept = key.encode("ascii", "ignore").decode()
    super().write(kept, data, only_if_absent)


class TakesAnyKey(FolderStore):
  def _path(self, key):
    return self._root / key


def write_slowly(data, path):
  """In two pieces, in place."""
  path.parent.mkdir(parents=True, exist_ok=True)
  with open(path, "wb") as file:
    file.write(data[: len(data) // 2])
    file.flush()
    time.sleep(0.01)
    file.write(data[len(data) // 2 :])


class WritesInPlace(FolderStore):
  def write(self, key, data, only_if_absent=False):
    write_slowly(data, self._path(key))


class PutsInPlace(FolderStore):
  def put(self, source, key):
    write_slowly(source.read_bytes(), self._path(key))


class GetsInPieces(FolderStore):
  def get(self, key, target):
    write_slowly(self.read(key), target)


class UrlsArePaths(FolderStore):
  def url(self, key):
    return self._path(key)


BROKEN = [
  (NotFoundIsKeyError, SUITE.test_a_missing_key_is_not_found),
  (GetMakesEmptyFiles, SUITE.test_a_missing_key_is_not_found),
  (TrimsValues, SUITE.test_what_was_written_is_read),
  (Appends, SUITE.test_a_second_write_replaces_the_first),
  (DropsEmptyObjects, SUITE.test_an_empty_object_is_an_object),
  (CutsLargeFiles, SUITE.test_large_files_come_back_as_they_went),
  (LinksSources, SUITE.test_a_put_file_stays_and_is_copied),
  (TakesFoldersForObjects, SUITE.test_a_prefix_is_no_object),
  (IgnoresOnlyIfAbsent, SUITE.test_only_if_absent_refuses_what_exists),
  (LooksBeforeItWrites, SUITE.test_of_racing_threads_exactly_one_wins),
  (ListsAsStored, SUITE.test_a_list_is_ordered_by_key_and_tells_sizes),
  (ListsFoldersOnly, SUITE.test_a_list_is_of_keys_that_start_so),
  (CountsMilliseconds, SUITE.test_ages_are_in_seconds_since_the_epoch),
  (
    TouchesNothing,
    SUITE.test_a_touch_renews_an_objects_age_and_nothing_else,
  ),
  (TouchMakesObjects, SUITE.test_a_touch_of_nothing_makes_nothing),
  (NeverDeletes, SUITE.test_a_deleted_key_is_gone_and_can_be_written_again),
  (
    DeletesNeighbours,
    SUITE.test_a_deleted_prefix_takes_what_is_below_and_no_neighbour,
  ),
  (MissesNothing, SUITE.test_deleting_nothing_is_fine),
  (
    KeepsAsciiOnly,
    SUITE.test_any_printable_name_can_be_a_part_of_a_key,
  ),
  (TakesAnyKey, SUITE.test_what_is_no_key_is_refused),
  (WritesInPlace, SUITE.test_a_reader_never_sees_half_an_object),
  (PutsInPlace, SUITE.test_a_reader_never_sees_half_an_object),
  (GetsInPieces, SUITE.test_a_target_appears_only_when_it_is_whole),
  (UrlsArePaths, SUITE.test_a_url_is_text_that_ends_in_the_key),
]


@pytest.mark.parametrize(
  ("broken", "test"),
  BROKEN,
  ids=[f"{cls.__name__}-{test.__name__}" for cls, test in BROKEN],
)
def test_the_suite_notices(broken, test, tmp_path):
  folder = tmp_path / "store"
  store = broken(folder) if issubclass(broken, FolderStore) else broken()
  known = {"tmp_path": tmp_path, "prefix": "a/b/", "key": "../above"}
  if "printable" in test.__name__:
    known["key"] = "a b/ü"
  names = inspect.signature(test).parameters.keys() - {"store"}
  caught = None
  try:
    test(store, **{name: known[name] for name in names})
  except (Exception, pytest.fail.Exception) as error:
    caught = error
  assert caught is not None


def test_every_promise_has_a_store_that_breaks_it():
  tried = {test.__name__ for _, test in BROKEN}
  tests = {name for name in dir(SUITE) if name.startswith("test_")}
  # The race between processes is the race between threads once more.
  assert tests - tried == {"test_of_racing_processes_exactly_one_wins"}
