"""What the errors of Google's APIs mean, and what helps."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from keras_remote_cloudbuild.errors import ImageError, NotAllowed
from keras_remote_cloudbuild.naming import Repository
from keras_remote_core.errors import MissingCredentials

BUILD_ROLE = "roles/cloudbuild.builds.editor"
READ_ROLE = "roles/artifactregistry.reader"
ADMIN_ROLE = "roles/artifactregistry.repoAdmin"


@contextlib.contextmanager
def told(what: str, repository: Repository, role: str) -> Iterator[None]:
  """Says in words of the project what Google's clients raise.

  Args:
    what: what is tried, such as ``"start a build"``.
    role: what the caller has to have for it.

  Raises:
    NotAllowed: Google refuses it.
    MissingCredentials: the caller's login is no longer good.
    ImageError: Google cannot be reached, or has trouble of its own.
  """
  from google.api_core.exceptions import Forbidden, GoogleAPICallError
  from google.api_core.exceptions import RetryError as Exhausted
  from google.auth.exceptions import GoogleAuthError

  try:
    yield
  except Forbidden as error:
    raise _refused(error.message or "", what, repository, role) from error
  except GoogleAuthError as error:
    raise MissingCredentials(
      f"Google's credentials were refused: {_message(error)}",
      remedy="gcloud auth application-default login",
    ) from error
  except (GoogleAPICallError, Exhausted) as error:
    raise ImageError(
      f"cannot {what} in {repository.parent}: {_message(error)}",
      remedy="try again, or container_image='prebuilt' for a run without it",
    ) from error


def no_repository(repository: Repository) -> ImageError:
  """What it means that there is nowhere to push to."""
  return ImageError(
    f"there is no Artifact Registry repository {repository.name!r} in"
    f" {repository.parent}",
    remedy=f"gcloud artifacts repositories create {repository.name}"
    f" --repository-format=docker --location={repository.region}"
    f" --project={repository.project}",
  )


def _refused(
  message: str, what: str, repository: Repository, role: str
) -> NotAllowed:
  project = repository.project
  remedy = (
    f"gcloud projects add-iam-policy-binding {project} --role={role}"
    ' --member="user:$(gcloud config get account)"'
  )
  if "has not been used in project" in message or "is disabled" in message:
    remedy = (
      "gcloud services enable artifactregistry.googleapis.com"
      f" cloudbuild.googleapis.com --project={project}"
    )
  elif "actAs" in message:
    remedy = (
      f"gcloud projects add-iam-policy-binding {project}"
      " --role=roles/iam.serviceAccountUser"
      ' --member="user:$(gcloud config get account)"'
    )
  return NotAllowed(
    f"not allowed to {what} in {repository.parent}: {message}", remedy=remedy
  )


def _message(error: Exception) -> str:
  return str(error).partition("\n")[0] or type(error).__name__
