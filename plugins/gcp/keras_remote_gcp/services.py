"""Which of Google's APIs a project has enabled."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from keras_remote_core.errors import KerasRemoteError, MissingCredentials
from keras_remote_gcp import answers, failures
from keras_remote_gcp.credentials import GoogleCredentials

if TYPE_CHECKING:
  from requests import Response

_VARIABLE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_SERVICEUSAGE"
_HOST = "https://serviceusage.googleapis.com"
_TIMEOUT = 15.0


class NotAllowed(KerasRemoteError):
  """The account may not see which APIs are enabled."""


def disabled(credentials: GoogleCredentials, names: Iterable[str]) -> list[str]:
  """Those of the APIs that the credentials' project has not enabled.

  Raises:
    WrongProject: the project is not there, or of no use to the account.
    NotAllowed: the account may not look.
  """
  wanted = list(names)
  answer = _asked(credentials, wanted)
  if answer.status_code != 200:
    raise _refusal(answer, credentials)
  enabled = {
    each["name"].rpartition("/")[2]
    for each in answer.json().get("services", ())
    if each.get("state") == "ENABLED"
  }
  return [name for name in wanted if name not in enabled]


def _asked(credentials: GoogleCredentials, names: list[str]) -> Response:
  from google.auth.transport.requests import AuthorizedSession

  host = os.environ.get(_VARIABLE, _HOST).rstrip("/")
  project = f"projects/{credentials.project}"
  asked = [("names", f"{project}/services/{name}") for name in names]
  with AuthorizedSession(credentials.google) as session:  # type: ignore[no-untyped-call]
    answer: Response = session.get(
      f"{host}/v1/{project}/services:batchGet", params=asked, timeout=_TIMEOUT
    )
  return answer


def _refusal(answer: Response, credentials: GoogleCredentials) -> Exception:
  told, project = answers.words(answer), str(credentials.project)
  if answer.status_code == 404 or "not found or deleted" in told:
    return failures.wrong_project(project, credentials.principal, told)
  remedy = failures.permission(told, project)
  if remedy is not None:
    return MissingCredentials(
      f"{credentials.principal} cannot use project {project}: {told}",
      remedy=remedy,
    )
  return NotAllowed(told)
