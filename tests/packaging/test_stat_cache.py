"""Unchanged trees are noticed without reading them, and never wrongly."""

from __future__ import annotations

import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from keras_remote_core.builtin.packaging.source import pack_source
from keras_remote_core.builtin.packaging.survey import Stamp

FILES = {"a.py": "a = 1\n", "x.json": "{}", ".gitignore": "*.log\n"}
SECOND = 1_000_000_000


@pytest.fixture
def cache(tmp_path):
  return tmp_path / "cache"


@pytest.fixture
def pack(tmp_path, cache):
  numbers = iter(range(100))

  def run(root):
    return pack_source(root, tmp_path / f"{next(numbers)}.tar.gz", cache).blob

  return run


def archives(cache):
  return {path.name.partition(".")[0] for path in cache.rglob("*.tar.gz")}


def test_the_second_archive_is_the_first(tree, pack):
  root = tree(FILES)
  first, second = pack(root), pack(root)
  assert second.sha256 == first.sha256
  assert second.size == second.path.stat().st_size == first.size
  assert second.path.stat().st_ino == first.path.stat().st_ino


def test_an_unchanged_tree_writes_nothing_to_the_cache(tree, pack, cache):
  root = tree(FILES)
  pack(root)
  (index,) = cache.rglob("index.json")
  before = index.stat()
  pack(root)
  assert index.stat() == before


def test_processes_that_pack_at_the_same_time_all_get_the_archive(tree, pack):
  root = tree(FILES)
  with ThreadPoolExecutor(8) as several:
    blobs = list(several.map(pack, [root] * 24))
  assert len({blob.sha256 for blob in blobs}) == 1
  for blob in blobs:
    data = blob.path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == blob.sha256


def test_an_edit_makes_another_archive(tree, pack):
  root = tree(FILES)
  first = pack(root)
  (root / "a.py").write_text("a = 2\n")
  assert pack(root).sha256 != first.sha256


def test_an_edit_that_keeps_size_and_time_is_noticed(tree, pack):
  root = tree(FILES)
  before = (root / "a.py").stat()
  first = pack(root)
  (root / "a.py").write_text("a = 2\n")
  os.utime(root / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))
  assert pack(root).sha256 != first.sha256


def test_an_edit_right_after_packing_is_noticed(tree, pack):
  root = tree(FILES)
  seen = set()
  for number in range(5):
    (root / "a.py").write_text(f"a = {number}\n")
    seen.add(pack(root).sha256)
  assert len(seen) == 5


def test_a_touched_file_is_packed_again_into_the_same_bytes(tree, pack):
  root = tree(FILES)
  first = pack(root)
  os.utime(root / "a.py")
  second = pack(root)
  assert second.sha256 == first.sha256
  assert second.path.stat().st_ino != first.path.stat().st_ino


def test_a_new_ignore_line_counts_at_once(tree, pack):
  root = tree(FILES | {"run.txt": ""})
  first = pack(root)
  (root / ".gitignore").write_text("*.txt\n")
  assert pack(root).sha256 != first.sha256


def test_only_the_latest_archive_of_a_tree_is_kept(tree, pack, cache):
  root, other = tree(FILES), tree(FILES | {"b": ""}, "other")
  kept = pack(other).sha256
  pack(root)
  (root / "a.py").write_text("a = 2\n")
  latest = pack(root).sha256
  assert archives(cache) == {kept, latest}


def test_a_blob_outlives_its_removal_from_the_cache(tree, pack):
  root = tree(FILES)
  pack(root)
  held = pack(root)
  (root / "a.py").write_text("a = 2\n")
  pack(root)
  assert held.path.stat().st_size == held.size


def test_trees_not_packed_for_a_month_are_forgotten(tree, pack, cache):
  pack(tree(FILES))
  (old,) = (cache / "source").iterdir()
  month = time.time() - 31 * 24 * 3600
  os.utime(old, (month, month))
  pack(tree(FILES, "other"))
  assert old not in (cache / "source").iterdir()


@pytest.mark.parametrize(
  "damage",
  [
    "",
    "[]",
    "null",
    '{"schema": 99}',
    '{"schema": 1, "facts": {"a": 7}}',
    '{"schema": 1, "facts": {"a": [[1, 2], true]}}',
    '{"schema": 1, "facts": {}, "sha256": "../../x"}',
    "\x00\xff",
  ],
)
def test_a_damaged_index_counts_as_none(tree, pack, cache, damage):
  root = tree(FILES)
  first = pack(root)
  (index,) = cache.rglob("index.json")
  index.write_text(damage)
  assert pack(root).sha256 == first.sha256


@pytest.mark.parametrize("data", [b"", b"other bytes"])
def test_a_damaged_archive_counts_as_none(tree, pack, cache, data):
  root = tree(FILES)
  first = pack(root)
  (archive,) = cache.rglob("*.tar.gz")
  archive.unlink()
  archive.write_bytes(data)
  second = pack(root)
  assert second.sha256 == first.sha256
  assert second.path.stat().st_size == first.size


def test_a_cache_that_cannot_be_written_costs_only_time(tree, pack, cache):
  cache.write_text("a file where the folder should be")
  root = tree(FILES)
  assert pack(root).sha256 == pack(root).sha256


def test_what_other_processes_are_writing_is_left_alone(tree, pack, cache):
  root = tree(FILES)
  pack(root)
  (folder,) = (cache / "source").iterdir()
  (folder / "young.tmp").touch()
  (folder / "old.tmp").touch()
  os.utime(folder / "old.tmp", (1, 1))
  (root / "a.py").write_text("a = 2\n")
  pack(root)
  assert (folder / "young.tmp").exists()
  assert not (folder / "old.tmp").exists()


def test_facts_that_a_later_write_could_falsify_are_not_kept(tree, pack, cache):
  root = tree(FILES)
  future = time.time() + 3600
  os.utime(root / "x.json", (future, future))
  pack(root)
  (index,) = cache.rglob("index.json")
  kept = json.loads(index.read_text())
  assert set(kept["facts"]) == {str(root / ".gitignore")}
  assert kept["fingerprint"] == ""


def test_a_clock_that_shows_whole_seconds_is_given_two():
  coarse = Stamp(1, SECOND, SECOND, 1, 1)
  assert not coarse.settled(2 * SECOND)
  assert coarse.settled(3 * SECOND)
  fine = Stamp(1, SECOND + 1, SECOND + 1, 1, 1)
  assert fine.settled(2 * SECOND)
  assert not fine.settled(SECOND + 1000)


def test_an_archive_is_copied_where_it_cannot_be_linked(
  tree, pack, monkeypatch
):
  def refuse(*args):
    raise PermissionError(1, "no links here")

  monkeypatch.setattr(os, "link", refuse)
  root = tree(FILES)
  first, second = pack(root), pack(root)
  assert second.path.read_bytes() == first.path.read_bytes()
