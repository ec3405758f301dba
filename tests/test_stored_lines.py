"""Log lines that the store goes on with where another source ended."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keras_remote_core import stored
from keras_remote_core.testing import MemoryStore
from keras_remote_runner import keys, logs


@pytest.fixture
def store():
  return MemoryStore()


def chunk(store, number, *texts, attempt=0):
  place = keys.host("train-1", 0, attempt, 0)
  data = logs.encode([(float(number), text) for text in texts])
  store.write(f"{place}/logs/{number:06d}.jsonl", data)


def texts(lines):
  return [line.text for line in lines]


def test_what_was_seen_elsewhere_is_passed_over(store, handle):
  chunk(store, 0, "a", "b")
  chunk(store, 1, "c")
  attempt = stored.Attempt(store, handle, 0, 0)
  attempt.skip(2, "b")
  assert texts(attempt.read()) == ["c"]
  chunk(store, 2, "d")
  assert texts(attempt.read()) == ["d"]


def test_a_line_that_only_the_other_source_had_costs_none(store, handle):
  chunk(store, 0, "a", "b", "c")
  attempt = stored.Attempt(store, handle, 0, 0)
  attempt.skip(3, "b")
  assert texts(attempt.read()) == ["c"]


def test_more_seen_than_is_stored_yet_is_waited_for(store, handle):
  chunk(store, 0, "a")
  attempt = stored.Attempt(store, handle, 0, 0)
  attempt.skip(2, "b")
  assert texts(attempt.read()) == []
  chunk(store, 1, "b", "c")
  assert texts(attempt.read()) == ["c"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
  st.lists(st.lists(st.text(max_size=3), min_size=1), max_size=6), st.integers()
)
def test_whatever_was_seen_before_every_line_comes_once(handle, chunks, seen):
  store = MemoryStore()
  for number, lines in enumerate(chunks):
    chunk(store, number, *lines)
  everything = [text for lines in chunks for text in lines]
  count = seen % (len(everything) + 1)
  before = everything[:count]
  attempt = stored.Attempt(store, handle, 0, 0)
  attempt.skip(count, before[-1] if before else "")
  assert before + texts(attempt.read()) == everything


@pytest.mark.parametrize("marker", [b"{}", b"[]", b"not json", b"\xff"])
def test_a_marker_that_somebody_spoilt_costs_no_lines(store, handle, marker):
  place = keys.host("train-1", 0, 0, 0)
  store.write(f"{place}/start.json", marker)
  assert stored.starts(store, handle, 0) == [""]
