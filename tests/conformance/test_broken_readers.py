"""The suite notices each way a result reader can break its promises."""

from __future__ import annotations

from typing import Any

import pytest

from keras_remote_core.testing import ResultReaderConformance
from keras_remote_runner import container

SUITE = ResultReaderConformance


class Sound:
  def __call__(self, path):
    return container.load(path)


class ReadsBytesForText(Sound):
  def __call__(self, path):
    value = super().__call__(path)
    return value.encode() if isinstance(value, str) else value


class RaisesWhatItReads(Sound):
  def __call__(self, path):
    value = super().__call__(path)
    if isinstance(value, Exception):
      raise value
    return value


class LeavesACopy(Sound):
  def __call__(self, path):
    path.with_suffix(".copy").write_bytes(path.read_bytes())
    return super().__call__(path)


class Later:
  """A value that is read when somebody looks at it."""

  def __init__(self, path):
    self._path = path

  def __eq__(self, other):
    return container.load(self._path) == other

  __hash__ = None  # type: ignore[assignment]


class ReadsLater(Sound):
  def __call__(self, path):
    value = super().__call__(path)
    return Later(path) if isinstance(value, bytearray) else value


class GivesOneValueToAll(Sound):
  def __init__(self):
    self._read = {}

  def __call__(self, path):
    return self._read.setdefault(path, super().__call__(path))


class MakesTheBestOfIt(Sound):
  def __call__(self, path):
    try:
      return super().__call__(path)
    except Exception:
      return None


class SaysNothing(Sound):
  def __call__(self, path):
    try:
      return super().__call__(path)
    except Exception:
      raise ValueError from None


BROKEN: dict[Any, set[Any]] = {
  Sound: set(),
  ReadsBytesForText: {SUITE.test_what_a_function_returned_is_read},
  RaisesWhatItReads: {SUITE.test_an_exception_is_read_as_one},
  LeavesACopy: {SUITE.test_reading_leaves_the_file_and_nothing_beside_it},
  ReadsLater: {SUITE.test_a_value_outlives_its_file},
  GivesOneValueToAll: {SUITE.test_each_reading_gives_a_value_of_its_own},
  MakesTheBestOfIt: {SUITE.test_a_damaged_file_is_an_error_that_says_so},
  SaysNothing: {SUITE.test_a_damaged_file_is_an_error_that_says_so},
}


def suite_of(broken):
  class TestBroken(ResultReaderConformance):
    @pytest.fixture
    def reader(self):
      return broken()

  return TestBroken


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, failing):
  assert failing(suite_of(broken)) == {test.__name__ for test in tests}


def test_every_promise_has_a_reader_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  assert tests_of(SUITE) == tried
