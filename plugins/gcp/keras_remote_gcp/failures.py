"""What google-auth's errors mean, and the command that helps; pure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keras_remote_core.errors import MissingCredentials
from keras_remote_gcp.errors import (
  BadCredentialsFile,
  ExpiredCredentials,
  ImpersonationRefused,
  NoCredentials,
  WrongProject,
)

if TYPE_CHECKING:
  import google.auth.exceptions

LOGIN = "gcloud auth application-default login"
_OVER = ("invalid_grant", "invalid_rapt", "reauth", "expired", "revoked")


def not_found(error: Exception, path: Path | None) -> MissingCredentials:
  """What it means that no credentials could be read from ``path``."""
  if path is None:
    told = "no Google credentials are found here"
    return NoCredentials(told, remedy=LOGIN)
  return BadCredentialsFile(
    f"{path} holds no Google credentials: {_first_line(error)}",
    remedy="name a right one in GOOGLE_APPLICATION_CREDENTIALS, or unset it"
    f" and run {LOGIN}",
  )


def not_renewed(
  error: google.auth.exceptions.GoogleAuthError,
  who: str,
  impersonate: str | None,
) -> MissingCredentials:
  """What it means that no token could be had.

  Args:
    who: the principal of the credentials.
  """
  from google.auth.exceptions import TransportError

  told = _first_line(error)
  if isinstance(error, TransportError):
    return MissingCredentials(
      f"Google cannot be reached to authenticate {who}: {told}",
      remedy="check the network, and HTTPS_PROXY where there is a proxy",
    )
  if any(word in str(error).lower() for word in _OVER):
    return _expired(told, who)
  if impersonate is not None:
    return _refused(told, impersonate)
  told = f"Google does not give {who} a token: {told}"
  return ExpiredCredentials(told, remedy=LOGIN)


def no_project() -> WrongProject:
  """What it means that neither settings nor credentials name a project."""
  return WrongProject(
    "no Google Cloud project is configured",
    remedy="export KERAS_REMOTE_PROJECT=your-project",
  )


def wrong_project(project: str, who: str, told: str) -> WrongProject:
  """What it means that a project is not there, or not for this account."""
  return WrongProject(
    f"{who} finds no project {project}: {told}",
    remedy="gcloud projects list, and export KERAS_REMOTE_PROJECT=one-of-them",
  )


def permission(told: str, project: str) -> str | None:
  """What helps where not a role is missing but the project is at fault.

  Args:
    told: the service's own words.
  """
  words = told.lower()
  if "quota project" in words or "serviceusage.services.use" in words:
    return f"gcloud auth application-default set-quota-project {project}"
  if "billing" in words:
    return f"gcloud billing projects link {project} --billing-account=ACCOUNT"
  if "it is disabled" in words or "service_disabled" in words:
    return f"gcloud services enable storage.googleapis.com --project={project}"
  return None


def member(who: str) -> str:
  """A principal as policies name it; of the current login, what tells it."""
  if _is_service_account(who):
    return f"serviceAccount:{who}"
  if "@" in who:
    return f"user:{who}"
  return '"user:$(gcloud config get account)"'


def _expired(told: str, who: str) -> MissingCredentials:
  message = f"the credentials of {who} have expired or were revoked: {told}"
  if not _is_service_account(who):
    return ExpiredCredentials(message, remedy=LOGIN)
  return ExpiredCredentials(
    message,
    remedy=f"gcloud iam service-accounts keys create key.json --iam-account={who}",
  )


def _refused(told: str, account: str) -> ImpersonationRefused:
  return ImpersonationRefused(
    f"the current login may not act as {account}: {told}",
    remedy="gcloud iam service-accounts add-iam-policy-binding"
    f" {account} --role=roles/iam.serviceAccountTokenCreator"
    f" --member={member('')}",
  )


def _is_service_account(who: str) -> bool:
  return who.endswith(".gserviceaccount.com")


def _first_line(error: BaseException) -> str:
  told = str(error.args[0] if error.args else error)
  return told.partition("\n")[0].strip() or type(error).__name__
