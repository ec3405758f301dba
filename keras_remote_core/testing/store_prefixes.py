"""Listing, renewing and deleting."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Entry
from keras_remote_core.testing.store_part import Part


class Prefixes(Part):
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

  def test_a_clients_list_is_of_entries(self, store: Any) -> None:
    if self.failure is not StoreError:
      pytest.skip("'failure' tells a job's side, which lists plain tuples")
    store.write("a", b"")
    kinds = [type(each) for each in store.list("")]
    assert kinds == [Entry], "if this is a job's side, set failure = OSError"

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
    left = sorted(key for key, _, _ in store.list(""))
    assert left == ["a/bc", "a/bc-d/3", "a/d"]

  def test_deleting_nothing_is_fine(self, store: Any) -> None:
    store.write("kept", b"")
    store.delete("absent")
    store.delete("absent/deeper/")
    assert store.exists("kept")


def _count(found: Iterator[object]) -> int:
  return sum(1 for _ in found)


def _modified(store: Any, key: str) -> float:
  return next(float(modified) for _, _, modified in store.list(key))


def _patiently(seconds: float = 2.5) -> Iterator[None]:
  deadline = time.monotonic() + seconds
  while time.monotonic() < deadline:
    yield
    time.sleep(0.01)
