"""The pieces that log lines are put together from."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.model import LogLine
from keras_remote_gke import joining, lines, stamps

_SECOND = "2026-11-25T08:00:01"
_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def logged(texts):
  return [LogLine(worker="0", time=_EPOCH, text=each) for each in texts]


def told(found):
  return [line.text for line in found]


@given(st.lists(st.binary()), st.integers(1, 7))
def test_a_stream_cut_anywhere_gives_the_same_whole_lines(parts, size):
  data = b"\n".join(parts)
  chunks = [data[at : at + size] for at in range(0, len(data), size)]
  assert list(lines.whole(chunks)) == data.split(b"\n")[:-1]


@given(st.lists(st.text(max_size=2)), st.integers(min_value=0))
def test_what_the_store_has_of_a_log_is_told_once(texts, count):
  count %= len(texts) + 1
  known = logged(texts[:count])
  assert told(known) + told(joining.after(logged(texts), known)) == texts


def test_a_node_that_threw_the_first_lines_away_goes_on_after_the_last_known():
  known, longer = logged(["a", "b", "c"]), logged(["c", "d"])
  assert told(joining.after(longer, known)) == ["d"]


def test_lines_that_repeat_are_told_apart_by_those_before_them():
  known = logged(["a", "", "b", ""])
  assert told(joining.after(logged(["b", "", "c", "", "d"]), known)) == [
    "c",
    "",
    "d",
  ]


def test_a_node_that_has_nothing_in_common_adds_nothing():
  assert not joining.after(logged(["x"]), logged(["a", "b"]))


@given(st.integers(0, 999_999_999), st.integers(0, 999_999_999))
def test_stamps_are_ordered_by_time_however_many_digits_they_have(first, then):
  whole = [stamps.parse(f"{_SECOND}.{each:09d}Z") for each in (first, then)]
  short = [
    stamps.parse(f"{_SECOND}.{each:09d}".rstrip("0").rstrip(".") + "Z")
    for each in (first, then)
  ]
  assert whole == short
  assert (whole[0] < whole[1]) == (first < then)


def test_a_stamp_of_another_zone_is_the_same_moment():
  there = stamps.parse("2026-11-25T09:00:00.5+01:00")
  assert there == stamps.parse("2026-11-25T08:00:00.500000000Z")
  assert there.whole() == "2026-11-25T08:00:00Z"


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-25 08:00"])
def test_what_is_no_stamp_is_refused(text):
  with pytest.raises(ValueError, match=r"not a time|Invalid isoformat"):
    stamps.parse(text)
