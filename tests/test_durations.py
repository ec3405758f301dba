from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core import durations

CENTURY = 100 * 365 * 86400


@pytest.mark.parametrize(
  ("written", "seconds"),
  [
    (90, 90),
    (0.5, 0.5),
    ("90", 90),
    ("90s", 90),
    (" 15m ", 900),
    ("1h30m", 5400),
    ("1.5h", 5400),
    ("2d", 172800),
    ("1d2h3m4s", 93784),
  ],
)
def test_a_duration_reads_as_people_write_it(written, seconds):
  assert durations.seconds(written) == seconds


@given(st.integers(min_value=1, max_value=CENTURY - 1))
def test_a_written_duration_is_read_back(seconds):
  assert durations.seconds(durations.text(seconds)) == seconds


@given(st.floats(min_value=1e-4, max_value=1e9))
def test_a_number_of_seconds_reads_the_same_as_its_text(seconds):
  assert durations.seconds(f"{seconds:.6f}") == pytest.approx(seconds, abs=1e-6)


def test_less_than_a_second_is_written_too():
  assert durations.text(0.2) == "0s"


@pytest.mark.parametrize(
  "written",
  [
    *("", "soon", "m", "30m1h", "1h 30m", "-5", "0", "0s", "1e3", "٣m", "1.m"),
    *(0, -1, math.nan, math.inf, True, None, [], 10**400, "9" * 400),
  ],
)
def test_anything_else_is_refused_with_examples(written):
  with pytest.raises(ValueError, match="1h30m"):
    durations.seconds(written)
