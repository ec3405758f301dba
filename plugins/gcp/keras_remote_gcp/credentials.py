"""The credentials that the Google plugins share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import field, frozen

from keras_remote_core.errors import MissingCredentials
from keras_remote_core.model import Credentials

if TYPE_CHECKING:
  import google.auth.credentials


@frozen(kw_only=True)
class GoogleCredentials(Credentials):
  """Credentials that Google's own clients take.

  Args:
    google: one object for all clients, so that a token is renewed once.
  """

  google: google.auth.credentials.Credentials = field(repr=False)


def google_of(
  credentials: Credentials | None,
) -> google.auth.credentials.Credentials:
  """What Google's own clients take.

  Raises:
    MissingCredentials: another authenticator than ``google`` was at work.
  """
  if isinstance(credentials, GoogleCredentials):
    return credentials.google
  who = credentials.principal if credentials else "nobody"
  raise MissingCredentials(
    f"Google is asked on behalf of {who}, without Google credentials",
    remedy="name a backend that authenticates with Google: backend='gke'",
  )


def renewing(
  google: google.auth.credentials.Credentials,
) -> Callable[[], str]:
  """What returns a token that is good now; safe among threads."""
  lock = threading.Lock()

  def token() -> str:
    from google.auth.transport.requests import Request

    with lock:
      if not google.valid:
        google.refresh(Request())  # type: ignore[no-untyped-call]
      return str(google.token)

  return token


def principal(google: google.auth.credentials.Credentials) -> str:
  """Who the credentials are, for people: an email where it is known."""
  for name in ("service_account_email", "account"):
    known = getattr(google, name, None)
    if known and known != "default":
      return str(known)
  return "the current Google login"
