"""The suite notices each way an authenticator can break its promises."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from keras_remote_core.errors import MissingCredentials
from keras_remote_core.model import Credentials
from keras_remote_core.testing import AuthenticatorConformance

SUITE = AuthenticatorConformance


class Sound:
  """Credentials of a robot, and none where there are none."""

  def __call__(self):
    return Credentials(
      principal=self.principal(), project="a-project", token=self.token
    )

  def principal(self):
    return "robot@example.com"

  def token(self):
    return "abc.def-123"

  def missing(self):
    raise MissingCredentials("no credentials", remedy="log in")


class IsNobody(Sound):
  def principal(self):
    return ""


class ChangesItsName(Sound):
  numbers = itertools.count()

  def principal(self):
    return f"robot-{next(self.numbers)}"


class HasNoToken(Sound):
  def token(self):
    return None


class KeepsTheLinesEnd(Sound):
  def token(self):
    return "abc\n"


class NeedsItsThread(Sound):
  def token(self):
    assert threading.current_thread() is threading.main_thread()
    return super().token()


class TellsTheToken(Sound):
  def principal(self):
    return f"robot:{self.token()}"


class TakesNothingForGood(Sound):
  def missing(self):
    return Credentials(principal="nobody")


class LeavesUsersAlone(Sound):
  def missing(self):
    raise MissingCredentials("no credentials")


class PassesErrorsOn(Sound):
  def missing(self):
    raise FileNotFoundError("~/.robot")


BROKEN: dict[Any, set[Any]] = {
  Sound: set(),
  IsNobody: {SUITE.test_credentials_say_whose_they_are},
  ChangesItsName: {SUITE.test_whoever_asks_twice_is_the_same},
  HasNoToken: {SUITE.test_a_token_is_there_only_where_one_is_claimed},
  KeepsTheLinesEnd: {SUITE.test_a_token_fits_in_a_header},
  NeedsItsThread: {SUITE.test_a_token_can_be_had_on_any_thread},
  TellsTheToken: {SUITE.test_a_token_is_in_no_text},
  TakesNothingForGood: {SUITE.test_without_credentials_it_says_what_helps},
  LeavesUsersAlone: {SUITE.test_without_credentials_it_says_what_helps},
  PassesErrorsOn: {SUITE.test_without_credentials_it_says_what_helps},
}


def suite_of(broken):
  class TestBroken(AuthenticatorConformance):
    @pytest.fixture
    def authenticator(self):
      return broken()

    @pytest.fixture
    def missing(self):
      return broken().missing

  return TestBroken


@pytest.mark.parametrize(("broken", "tests"), BROKEN.items())
def test_exactly_the_tests_of_a_broken_promise_fail(broken, tests, failing):
  assert failing(suite_of(broken)) == {test.__name__ for test in tests}


def test_every_promise_has_an_authenticator_that_breaks_it(tests_of):
  tried = {test.__name__ for tests in BROKEN.values() for test in tests}
  assert tests_of(SUITE) == tried
