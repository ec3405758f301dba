"""The store suite notices each way a store can break its promises."""

from __future__ import annotations

import time
from typing import Any

import pytest

from keras_remote_core.builtin.file_remote import FolderStore
from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Entry
from keras_remote_core.testing import ArtifactStoreConformance, MemoryStore

SUITE = ArtifactStoreConformance
SMALL = 100


class NotFoundIsKeyError(MemoryStore):
  def get(self, key, target):
    try:
      super().get(key, target)
    except FileNotFoundError:
      raise KeyError(key) from None


class GetMakesEmptyFiles(MemoryStore):
  def get(self, key, target):
    if not self.exists(key):
      target.touch()
    super().get(key, target)


class TrimsValues(MemoryStore):
  def read(self, key):
    data = super().read(key)
    return data if len(data) > SMALL else data.strip(b"\xff\x00")


class Appends(MemoryStore):
  def write(self, key, data, only_if_absent=False):
    old = self.read(key) if self.exists(key) else b""
    more = data if len(data) > SMALL else old + data
    super().write(key, more, only_if_absent)


class MissesEmptyObjects(MemoryStore):
  def read(self, key):
    if not (data := super().read(key)):
      raise FileNotFoundError(key)
    return data


class CutsLargeFiles(MemoryStore):
  def put(self, source, key):
    self.write(key, source.read_bytes()[: 1 << 20])


class LinksSources(FolderStore):
  def put(self, source, key):
    if source.stat().st_size > SMALL:
      return super().put(source, key)
    path = self._path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name("part")
    part.hardlink_to(source)
    return part.replace(path)


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
    for entry in super().list(prefix):
      if entry.key == prefix or entry.key.startswith(folder):
        yield entry


class CountsMilliseconds(MemoryStore):
  def list(self, prefix):
    for key, size, modified in super().list(prefix):
      yield Entry(key, size, modified * 1000)


class ListsTuples(MemoryStore):
  def list(self, prefix):
    return map(tuple, super().list(prefix))


class TouchesNothing(MemoryStore):
  def touch(self, key):
    return self.exists(key)


class TouchMakesObjects(MemoryStore):
  def touch(self, key):
    if not self.exists(key):
      self.write(key, b"")
    return super().touch(key)


class DeletesFoldersOnly(MemoryStore):
  def delete(self, prefix):
    place = prefix.rstrip("/")
    data = self.read(place) if self.exists(place) else None
    super().delete(prefix)
    if data is not None:
      self.write(place, data)


class DeletesNeighbours(MemoryStore):
  def delete(self, prefix):
    super().delete(prefix)
    for entry in list(self.list(prefix.rstrip("/"))):
      super().delete(entry.key)


class MissesNothing(MemoryStore):
  def delete(self, prefix):
    known = list(self.list(prefix))
    super().delete(prefix)
    if not known:
      raise FileNotFoundError(prefix)


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
    if len(data) > SMALL:
      write_slowly(data, self._path(key))
    else:
      super().write(key, data, only_if_absent)


class PutsInPlace(FolderStore):
  def put(self, source, key):
    write_slowly(source.read_bytes(), self._path(key))


class GetsInPieces(FolderStore):
  def get(self, key, target):
    write_slowly(self.read(key), target)


class UrlsArePaths(FolderStore):
  def url(self, key):
    return self._path(key)


class LooksEmptyFromAfar(MemoryStore):
  away = MemoryStore


def helpless():
  raise StoreError("out of reach")


class LeavesUsersAlone(MemoryStore):
  away = staticmethod(helpless)


def gone():
  raise OSError("out of reach")


def told():
  raise StoreError("out of reach", remedy="check the network")


BROKEN: dict[Any, set[Any]] = {
  NotFoundIsKeyError: {SUITE.test_a_missing_key_is_not_found},
  GetMakesEmptyFiles: {SUITE.test_a_missing_key_is_not_found},
  TrimsValues: {SUITE.test_what_was_written_is_read},
  Appends: {SUITE.test_a_second_write_replaces_the_first},
  MissesEmptyObjects: {SUITE.test_an_empty_object_is_an_object},
  CutsLargeFiles: {
    SUITE.test_large_files_come_back_as_they_went,
    SUITE.test_a_reader_never_sees_half_an_object,
  },
  LinksSources: {SUITE.test_a_put_file_stays_and_is_copied},
  TakesFoldersForObjects: {SUITE.test_a_prefix_is_no_object},
  IgnoresOnlyIfAbsent: {
    SUITE.test_only_if_absent_refuses_what_exists,
    SUITE.test_of_racing_threads_exactly_one_wins,
  },
  LooksBeforeItWrites: {SUITE.test_of_racing_threads_exactly_one_wins},
  ListsAsStored: {SUITE.test_a_list_is_ordered_by_key_and_tells_sizes},
  ListsFoldersOnly: {SUITE.test_a_list_is_of_keys_that_start_so},
  ListsTuples: {SUITE.test_a_clients_list_is_of_entries},
  CountsMilliseconds: {SUITE.test_ages_are_in_seconds_since_the_epoch},
  TouchesNothing: {SUITE.test_a_touch_renews_an_objects_age_and_nothing_else},
  TouchMakesObjects: {
    SUITE.test_a_touch_of_nothing_makes_nothing,
    SUITE.test_a_prefix_is_no_object,
  },
  DeletesFoldersOnly: {
    SUITE.test_a_deleted_key_is_gone_and_can_be_written_again
  },
  DeletesNeighbours: {
    SUITE.test_a_deleted_prefix_takes_what_is_below_and_no_neighbour
  },
  MissesNothing: {SUITE.test_deleting_nothing_is_fine},
  KeepsAsciiOnly: {SUITE.test_any_printable_name_can_be_a_part_of_a_key},
  TakesAnyKey: {SUITE.test_what_is_no_key_is_refused},
  WritesInPlace: {SUITE.test_a_reader_never_sees_half_an_object},
  PutsInPlace: {SUITE.test_a_reader_never_sees_half_an_object},
  GetsInPieces: {SUITE.test_a_target_appears_only_when_it_is_whole},
  LooksEmptyFromAfar: {
    SUITE.test_a_store_out_of_reach_is_a_failure_and_no_answer
  },
  LeavesUsersAlone: {
    SUITE.test_a_store_out_of_reach_is_a_failure_and_no_answer
  },
  UrlsArePaths: {SUITE.test_a_url_is_text_that_ends_in_the_key},
}


def suite_of(broken):
  # A job's side, unlike what has the objects in memory.
  folder = issubclass(broken, FolderStore)

  class TestBroken(ArtifactStoreConformance):
    failure = OSError if folder else StoreError

    @pytest.fixture
    def store(self, tmp_path):
      return broken(tmp_path / "store") if folder else broken()

    @pytest.fixture
    def unreachable(self):
      return getattr(broken, "away", gone if folder else told)

  return TestBroken


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, failing):
  assert failing(suite_of(broken)) == {test.__name__ for test in tests}


def test_every_promise_has_a_store_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  # The race between processes is the race between threads once more.
  between = {"test_of_racing_processes_exactly_one_wins"}
  assert tests_of(ArtifactStoreConformance) - tried == between
