"""Finds Google credentials where Google's own tools leave them."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from keras_remote_gcp.settings import GoogleSettings

if TYPE_CHECKING:
  import google.auth.credentials

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
# The convention of Google's own tools for other addresses of its services.
_IAM_VARIABLE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS"


def find(
  settings: GoogleSettings,
) -> tuple[google.auth.credentials.Credentials, str | None]:
  """Credentials, not renewed yet, and the project that they name, if any.

  Raises:
    google.auth.exceptions.DefaultCredentialsError: there are none, or the file
      that should have them does not.
  """
  found, project = _found(file(settings))
  if settings.impersonate is None:
    return found, project
  return _impersonated(found, settings.impersonate), project


def file(settings: GoogleSettings) -> Path | None:
  """The file that credentials are read from; None: this machine has its own."""
  named = settings.credentials_file or os.environ.get(VARIABLE)
  if named:
    return Path(named).expanduser()
  usual = _folder() / "application_default_credentials.json"
  return usual if usual.is_file() else None


def _folder() -> Path:
  named = os.environ.get("CLOUDSDK_CONFIG")
  return Path(named) if named else Path.home() / ".config" / "gcloud"


def _found(
  path: Path | None,
) -> tuple[google.auth.credentials.Credentials, str | None]:
  import google.auth

  project = os.environ.get("GOOGLE_CLOUD_PROJECT")
  with warnings.catch_warnings():
    # That quota counts for no project, and that files can be forged.
    warnings.simplefilter("ignore")
    if path is None:
      found, own = google.auth.default(scopes=SCOPES)
    else:
      # google.auth.default() would start gcloud to learn of a project.
      load = google.auth.load_credentials_from_file
      found, own = load(str(path), scopes=SCOPES)  # type: ignore[no-untyped-call]
  return found, project or own


def _impersonated(
  source: google.auth.credentials.Credentials, account: str
) -> google.auth.credentials.Credentials:
  from google.auth.impersonated_credentials import Credentials

  host = os.environ.get(_IAM_VARIABLE)
  path = f"v1/projects/-/serviceAccounts/{account}:generateAccessToken"
  return Credentials(  # type: ignore[no-untyped-call]
    source_credentials=source,
    target_principal=account,
    target_scopes=list(SCOPES),
    iam_endpoint_override=f"{host.rstrip('/')}/{path}" if host else None,
  )
