"""What an authenticator promises, as tests to subclass."""

from __future__ import annotations

import pytest

from keras_remote_core.errors import MissingCredentials
from keras_remote_core.model import Credentials
from keras_remote_core.roles import Authenticator
from keras_remote_core.testing.capabilities import Claiming
from keras_remote_core.testing.racing import race

_THREADS = 8


class AuthenticatorConformance(Claiming):
  """Subclass with fixtures ``authenticator`` and ``missing``.

  Both are made by the provider's factory: one where there are credentials, the
  other where there are none. Who needs no credentials claims no ``tokens`` and
  gives the first one only.
  """

  @pytest.fixture
  def authenticator(self) -> Authenticator:
    raise NotImplementedError("give the suite a fixture 'authenticator'")

  @pytest.fixture
  def missing(self) -> Authenticator:
    raise NotImplementedError(
      "give the suite a fixture 'missing', or claim no tokens"
    )

  def test_credentials_say_whose_they_are(
    self, authenticator: Authenticator
  ) -> None:
    credentials = authenticator()
    assert isinstance(credentials, Credentials)
    assert credentials.principal
    assert credentials.principal == credentials.principal.strip()

  def test_whoever_asks_twice_is_the_same(
    self, authenticator: Authenticator
  ) -> None:
    first, second = authenticator(), authenticator()
    assert first.principal == second.principal
    assert first.project == second.project

  def test_a_token_is_there_only_where_one_is_claimed(
    self, authenticator: Authenticator
  ) -> None:
    token = authenticator().token()
    if self.capabilities.tokens:
      assert isinstance(token, str)
      assert token
    else:
      assert token is None

  def test_a_token_fits_in_a_header(self, authenticator: Authenticator) -> None:
    self.needs("tokens")
    token = authenticator().token() or ""
    assert token.isascii()
    assert token.isprintable()
    assert " " not in token

  def test_a_token_can_be_had_on_any_thread(
    self, authenticator: Authenticator
  ) -> None:
    self.needs("tokens")
    credentials = authenticator()
    kinds = race(lambda _: type(credentials.token()), _THREADS)
    assert kinds == [kinds[0]] * _THREADS

  def test_a_token_is_in_no_text(self, authenticator: Authenticator) -> None:
    self.needs("tokens")
    credentials = authenticator()
    token = credentials.token()
    shown = f"{credentials!r} {credentials}"
    assert not token or token not in shown

  def test_without_credentials_it_says_what_helps(
    self, request: pytest.FixtureRequest
  ) -> None:
    self.needs("tokens")
    missing: Authenticator = request.getfixturevalue("missing")
    with pytest.raises(MissingCredentials) as caught:
      missing()
    assert caught.value.message
    assert caught.value.remedy
