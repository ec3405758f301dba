"""The authenticator ``google``: found, renewed once, or told what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from keras_remote_core.errors import MissingCredentials
from keras_remote_core.roles import Authenticator, Context
from keras_remote_gcp import failures, finding, repairing
from keras_remote_gcp.credentials import (
  GoogleCredentials,
  principal,
  renewing,
)
from keras_remote_gcp.settings import GoogleSettings

if TYPE_CHECKING:
  from google.auth.credentials import Credentials as Found


def google(settings: GoogleSettings, context: Context) -> Authenticator:
  """Credentials as Google's own tools find them.

  On a terminal it offers to run the command that repairs them.
  """

  def authenticate() -> GoogleCredentials:
    try:
      return credentials(settings, context.place.project)
    except MissingCredentials as error:
      if not repairing.repaired(error):
        raise
      return credentials(settings, context.place.project)

  return authenticate


def credentials(
  settings: GoogleSettings, project: str | None
) -> GoogleCredentials:
  """Credentials with a good token, so that bad ones fail at once.

  Args:
    project: the one that is configured; None: that of the credentials.

  Raises:
    MissingCredentials: there are none, or they are of no use.
  """
  found, own = _found(settings)
  chosen = project or own
  if chosen is None:
    raise failures.no_project()
  token = renewing(found)
  _renew(token, found, settings)
  return GoogleCredentials(
    principal=principal(found), project=chosen, token=token, google=found
  )


def _found(
  settings: GoogleSettings,
) -> tuple[Found, str | None]:
  from google.auth.exceptions import GoogleAuthError

  try:
    return finding.find(settings)
  # The last is what google-auth makes of JSON that is no object.
  except (GoogleAuthError, OSError, ValueError, AttributeError) as error:
    raise failures.not_found(error, finding.file(settings)) from error


def _renew(
  token: Callable[[], str],
  found: Found,
  settings: GoogleSettings,
) -> None:
  from google.auth.exceptions import GoogleAuthError

  try:
    token()
  except GoogleAuthError as error:
    raise failures.not_renewed(
      error, principal(found), settings.impersonate
    ) from error
