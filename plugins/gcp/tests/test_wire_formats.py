"""Ranges and multipart bodies, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keras_remote_gcp.testing import multiparts, ranges
from keras_remote_gcp.testing.multiparts import Part

SIZES = st.integers(1, 10**15)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
TEXTS = st.from_regex(
  r"[a-z0-9/=;]([ a-z0-9/=;]{0,20}[a-z0-9/=;])?", fullmatch=True
)
PARTS = st.lists(
  st.builds(
    lambda headers, body: Part(headers=headers, body=body),
    st.dictionaries(NAMES, TEXTS, max_size=3),
    st.binary(max_size=200),
  ),
  min_size=1,
  max_size=4,
)


@given(SIZES, SIZES, SIZES)
def test_a_range_that_is_asked_for_is_within_the_object(first, second, size):
  start, last = sorted((first, second))
  assume(start < size)
  found = ranges.asked(f"bytes={start}-{last}", size)
  assert found == range(start, min(last + 1, size))
  assert ranges.asked(f"bytes={start}-", size) == range(start, size)


@given(SIZES, SIZES)
def test_a_suffix_is_the_last_bytes(length, size):
  found = ranges.asked(f"bytes=-{length}", size)
  assert found == range(max(0, size - length), size)


@given(SIZES, st.integers(0, 10))
def test_a_range_behind_the_end_cannot_be_satisfied(size, beyond):
  with pytest.raises(ranges.Unsatisfiable):
    ranges.asked(f"bytes={size + beyond}-", size)


@given(st.none() | st.text())
def test_what_is_no_range_asks_for_everything(text):
  assume("bytes=" not in (text or ""))
  assert ranges.asked(text, 10) is None


@pytest.mark.parametrize("text", ["bytes=-", "bytes=5-3", "bytes=1-2,4-5"])
def test_a_range_without_sense_asks_for_everything(text):
  assert ranges.asked(text, 10) is None


@given(SIZES, SIZES, st.none() | SIZES)
def test_a_content_range_says_where_and_of_how_much(start, last, total):
  of = "*" if total is None else total
  found = ranges.sent(f"bytes {start}-{last}/{of}")
  assert (found.start, found.total) == (start, total)
  assert ranges.sent(f"bytes */{of}") == ranges.Sent(start=None, total=total)


@given(st.text())
def test_what_is_no_content_range_is_refused(text):
  assume(not text.startswith("bytes "))
  with pytest.raises(ValueError, match="not a Content-Range"):
    ranges.sent(text)


@given(PARTS)
def test_joined_parts_come_apart_as_they_were(parts):
  body = multiparts.join("a-boundary", parts)
  kind = "multipart/mixed; boundary=a-boundary"
  assert multiparts.split(kind, body) == parts


@given(st.binary(max_size=100), st.text(max_size=50))
def test_a_body_that_is_not_multipart_is_refused(body, text):
  assume("--" not in text and "\0" not in text)
  kind = "multipart/mixed; boundary=a-boundary"
  for content_type in (kind, "text/plain"):
    with pytest.raises(ValueError, match=r"boundary|end"):
      multiparts.split(content_type, body)
