"""What an artifact store promises, as tests to subclass.

One suite for both sides: for the class that clients use, and for what the
remote module's ``connect(url)`` returns.
"""

from __future__ import annotations

import concurrent.futures
import functools
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.errors import StoreError
from keras_remote_core.testing.racing import race, torn_reads, wins

Opener = Callable[[], Any]

_LARGE = 3 * 1024 * 1024 + 1
_NOT_KEYS = (
  "",
  "/absolute",
  "../above",
  "a/../b",
  "a/./b",
  "a//b",
  ".",
  "a/..",
  "back\\slash",
  "line\nbreak",
  "line\n",
  "nul\0",
)
_REFUSALS = (StoreError, ValueError)


class ArtifactStoreConformance:
  """Subclass with a fixture ``store``: an empty store, opened.

  A fixture ``opener`` may return a picklable callable that opens the same
  store in another process; without one, the races between processes are left
  out.
  """

  @pytest.fixture
  def store(self) -> Any:
    raise NotImplementedError("give the suite a fixture 'store'")

  @pytest.fixture
  def opener(self) -> Opener | None:
    return None

  def test_what_was_written_is_read(self, store: Any) -> None:
    store.write("a/b.json", b"\x00one\xff")
    assert store.read("a/b.json") == b"\x00one\xff"

  def test_a_second_write_replaces_the_first(self, store: Any) -> None:
    store.write("a", b"a longer first value")
    store.write("a", b"second")
    assert store.read("a") == b"second"

  def test_an_empty_object_is_an_object(
    self, store: Any, tmp_path: Path
  ) -> None:
    store.write("empty", b"")
    store.get("empty", tmp_path / "target")
    assert store.exists("empty")
    assert store.read("empty") == (tmp_path / "target").read_bytes() == b""
    assert [size for _, size, _ in store.list("empty")] == [0]

  def test_large_files_come_back_as_they_went(
    self, store: Any, tmp_path: Path
  ) -> None:
    (tmp_path / "source").write_bytes(bytes(range(251)) * (_LARGE // 251))
    store.put(tmp_path / "source", "large/file")
    store.get("large/file", tmp_path / "target")
    sent, got = (tmp_path / name for name in ("source", "target"))
    assert got.read_bytes() == sent.read_bytes() == store.read("large/file")

  def test_a_put_file_stays_and_is_copied(
    self, store: Any, tmp_path: Path
  ) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"as it was")
    store.put(source, "file")
    source.write_bytes(b"changed since")
    assert store.read("file") == b"as it was"

  def test_a_missing_key_is_not_found(self, store: Any, tmp_path: Path) -> None:
    store.write("there/too", b"")
    for missing in ("absent", "absent/deeper", "there/absent", "there/too/x"):
      with pytest.raises(FileNotFoundError):
        store.read(missing)
      with pytest.raises(FileNotFoundError):
        store.get(missing, tmp_path / "target")
      assert not store.exists(missing)
    assert not (tmp_path / "target").exists()

  def test_a_prefix_is_no_object(self, store: Any) -> None:
    store.write("folder/object", b"")
    assert not store.exists("folder")
    assert store.touch("folder") is False
    with pytest.raises(FileNotFoundError):
      store.read("folder")

  def test_only_if_absent_refuses_what_exists(self, store: Any) -> None:
    store.write("once", b"first", only_if_absent=True)
    with pytest.raises(FileExistsError):
      store.write("once", b"second", only_if_absent=True)
    assert store.read("once") == b"first"

  def test_of_racing_threads_exactly_one_wins(self, store: Any) -> None:
    for number in range(20):
      key = f"race/{number}"
      won = race(functools.partial(wins, store, key), 8)
      assert won.count(True) == 1
      assert store.read(key) == b"%d" % won.index(True)

  def test_of_racing_processes_exactly_one_wins(
    self, store: Any, opener: Opener | None
  ) -> None:
    if opener is None:
      pytest.skip("no fixture 'opener': another process cannot open the store")
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(3, spawn) as pool:
      raced = [pool.submit(_all_wins, opener, each) for each in range(3)]
      won = [each.result() for each in raced]
    assert [sum(column) for column in zip(*won, strict=True)] == [1] * 50

  def test_a_list_is_ordered_by_key_and_tells_sizes(self, store: Any) -> None:
    for key in ("b", "a/2", "a/10", "a-b", "a/1/x"):
      store.write(key, key.encode())
    found = [(key, size) for key, size, _ in store.list("")]
    keys = sorted(["a-b", "a/1/x", "a/10", "a/2", "b"])
    assert found == [(key, len(key)) for key in keys]

  def test_a_list_is_of_keys_that_start_so(self, store: Any) -> None:
    for key in ("a/b", "a/bc", "a/b/c", "a/d", "ab", "c"):
      store.write(f"{key}.x", b"")
    starts = {
      "a/b": 3,
      "a/b/": 1,
      "a/": 4,
      "a": 5,
      "": 6,
      "x": 0,
      "a/b/c.xx": 0,
    }
    assert {start: _count(store.list(start)) for start in starts} == starts

  def test_ages_are_in_seconds_since_the_epoch(self, store: Any) -> None:
    store.write("aged", b"")
    assert abs(_modified(store, "aged") - time.time()) < 300

  def test_a_touch_renews_an_objects_age_and_nothing_else(
    self, store: Any
  ) -> None:
    store.write("aged", b"value")
    before = _modified(store, "aged")
    # Some stores count whole seconds.
    for _ in _patiently():
      assert store.touch("aged") is True
      if _modified(store, "aged") > before:
        break
    assert _modified(store, "aged") > before
    assert store.read("aged") == b"value"

  def test_a_touch_of_nothing_makes_nothing(self, store: Any) -> None:
    assert store.touch("absent/key") is False
    assert not store.exists("absent/key")

  def test_a_deleted_key_is_gone_and_can_be_written_again(
    self, store: Any
  ) -> None:
    store.write("a/b", b"1")
    store.delete("a/b")
    assert not store.exists("a/b")
    store.write("a/b", b"2", only_if_absent=True)
    assert store.read("a/b") == b"2"

  @pytest.mark.parametrize("prefix", ["a/b", "a/b/"])
  def test_a_deleted_prefix_takes_what_is_below_and_no_neighbour(
    self, store: Any, prefix: str
  ) -> None:
    for key in ("a/b/1", "a/b/c/2", "a/bc", "a/bc-d/3", "a/d"):
      store.write(key, b"")
    store.delete(prefix)
    left = [key for key, _, _ in store.list("")]
    assert left == ["a/bc", "a/bc-d/3", "a/d"]

  def test_deleting_nothing_is_fine(self, store: Any) -> None:
    store.write("kept", b"")
    store.delete("absent")
    store.delete("absent/deeper/")
    assert store.exists("kept")

  @pytest.mark.parametrize("key", ["a b/c d.txt", "loss+ä=1,(2).png"])
  def test_any_printable_name_can_be_a_part_of_a_key(
    self, store: Any, key: str
  ) -> None:
    store.write(key, b"kept")
    assert store.read(key) == b"kept"
    assert [entry[0] for entry in store.list(key[:3])] == [key]

  @pytest.mark.parametrize("key", _NOT_KEYS)
  def test_what_is_no_key_is_refused(
    self, store: Any, key: str, tmp_path: Path
  ) -> None:
    (tmp_path / "source").write_bytes(b"")
    store.write("kept", b"")
    uses: list[Callable[[], object]] = [
      lambda: store.write(key, b""),
      lambda: store.put(tmp_path / "source", key),
      lambda: store.read(key),
      lambda: store.get(key, tmp_path / "target"),
      lambda: store.touch(key),
      lambda: store.exists(key),
      lambda: store.delete(key),
    ]
    for use in uses:
      with pytest.raises(_REFUSALS):
        use()
    assert [each for each, _, _ in store.list("")] == ["kept"]

  def test_a_reader_never_sees_half_an_object(
    self, store: Any, tmp_path: Path
  ) -> None:
    for write in (_written(store), _put(store, tmp_path)):
      write(b"a")
      seen = torn_reads(write, lambda: store.read("busy"))
      assert seen <= {_LARGE}, f"sizes or mixtures that nobody wrote: {seen}"

  def test_a_target_appears_only_when_it_is_whole(
    self, store: Any, tmp_path: Path
  ) -> None:
    store.write("large", b"x" * _LARGE)
    target, sizes, done = tmp_path / "target", set(), threading.Event()

    def look() -> None:
      while not done.is_set():
        if target.exists():
          sizes.add(target.stat().st_size)

    watcher = threading.Thread(target=look)
    watcher.start()
    store.get("large", target)
    done.set()
    watcher.join()
    assert sizes <= {_LARGE}
    assert [path.name for path in tmp_path.glob("target*")] == ["target"]

  def test_a_url_is_text_that_ends_in_the_key(self, store: Any) -> None:
    url = store.url("jobs/a-1/handle.json")
    assert isinstance(url, str)
    assert url.endswith("jobs/a-1/handle.json")


def _written(store: Any) -> Callable[[bytes], None]:
  return lambda letter: store.write("busy", letter * _LARGE)


def _put(store: Any, folder: Path) -> Callable[[bytes], None]:
  def put(letter: bytes) -> None:
    source = folder / f"source-{letter.decode()}"
    source.write_bytes(letter * _LARGE)
    store.put(source, "busy")

  return put


def _all_wins(opener: Opener, number: int) -> list[bool]:
  store = opener()
  return [wins(store, f"race/{each}", number) for each in range(50)]


def _count(found: Iterator[object]) -> int:
  return sum(1 for _ in found)


def _modified(store: Any, key: str) -> float:
  return next(float(modified) for _, _, modified in store.list(key))


def _patiently(seconds: float = 2.5) -> Iterator[None]:
  deadline = time.monotonic() + seconds
  while time.monotonic() < deadline:
    yield
    time.sleep(0.01)
