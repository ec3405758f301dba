"""Many writers, and readers that look too early."""

from __future__ import annotations

import concurrent.futures
import functools
import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core.testing.racing import race, torn_reads, wins

Opener = Callable[[], Any]

_LARGE = 3 * 1024 * 1024 + 1


class Races:
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
    try:
      store.get("large", target)
    finally:
      done.set()
      watcher.join()
    assert sizes <= {_LARGE}
    assert [path.name for path in tmp_path.glob("target*")] == ["target"]


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
