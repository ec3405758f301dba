"""What the suites say to whoever runs them."""

from __future__ import annotations

import sys

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import (
  ArtifactStoreConformance,
  AuthenticatorConformance,
  BackendConformance,
  Capabilities,
  MemoryStore,
)

SUITES = [name for name in testing.__all__ if name.endswith("Conformance")]


@pytest.mark.parametrize("suite", SUITES)
def test_every_failure_shows_the_values_that_were_compared(suite):
  homes = {
    base.__module__
    for base in getattr(testing, suite).__mro__
    if any(name.startswith("test_") for name in vars(base))
  }
  loaders = [type(sys.modules[home].__loader__).__name__ for home in homes]
  assert set(loaders) == {"AssertionRewritingHook"}


def test_a_failure_reads_like_one_of_the_authors_own_tests(heard):
  class Shouts(MemoryStore):
    def read(self, key):
      return super().read(key).upper()

  class TestBroken(ArtifactStoreConformance):
    @pytest.fixture
    def store(self):
      return Shouts()

  told = heard(TestBroken, {"test_what_was_written_is_read"})
  assert told.failed == {"test_what_was_written_is_read"}
  assert r"assert b'\x00ONE\xff' == b'\x00one\xff'" in told.texts[0]


def test_a_key_that_is_taken_is_told_with_the_verbs_that_take_it(heard):
  class TakesDots(MemoryStore):
    def exists(self, key):
      return key == "." or super().exists(key)

  class TestBroken(ArtifactStoreConformance):
    @pytest.fixture
    def store(self):
      return TakesDots()

  (told,) = heard(TestBroken, {"test_what_is_no_key_is_refused"}).texts
  assert "assert ['exists'] == []" in told


def test_a_skipped_test_names_the_capability_that_is_not_claimed(heard):
  class TestBroken(BackendConformance):
    capabilities = Capabilities(detached=False, jobs=False, key=False)

    @pytest.fixture
    def plan(self):
      return testing.plan(backend="instant")

  told = heard(
    TestBroken,
    {
      "test_its_jobs_are_listed_newest_first",
      "test_another_process_collects_with_only_the_id",
      "test_a_function_that_takes_too_long_is_stopped",
    },
  )
  assert not told.failed
  assert told.skipped == {
    "test_its_jobs_are_listed_newest_first": (
      "Skipped: the capability 'jobs' is not claimed"
    ),
    "test_another_process_collects_with_only_the_id": (
      "Skipped: the capability 'key' is not claimed"
    ),
  }


def test_a_suite_says_which_fixture_it_lacks(heard):
  told = heard(type("TestBroken", (AuthenticatorConformance,), {}))
  assert all("give the suite a fixture '" in text for text in told.texts)
