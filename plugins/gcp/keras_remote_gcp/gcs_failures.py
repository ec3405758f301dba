"""What Cloud Storage's errors mean, and the command that helps."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from attrs import frozen

from keras_remote_core.errors import StoreError
from keras_remote_core.roles import Context
from keras_remote_gcp import answers, failures

_ROLE = "roles/storage.objectUser"
_NO_BUCKET = "bucket does not exist"
# What a zone has and its region has not.
_ZONE = re.compile(r"-[a-z]$")
_NETWORK = "check the network, and try again"


@frozen(kw_only=True)
class Site:
  """Whose bucket is asked by whom, for messages."""

  bucket: str
  principal: str
  project: str
  region: str

  @classmethod
  def of(cls, bucket: str, context: Context) -> Site:
    credentials, place = context.credentials, context.place
    return cls(
      bucket=bucket,
      principal=credentials.principal if credentials else "nobody",
      project=place.project or "PROJECT",
      region=_ZONE.sub("", place.zone or "us-central1"),
    )


@contextlib.contextmanager
def said(
  site: Site, what: str, answer: type[OSError] | tuple[()] = ()
) -> Iterator[None]:
  """Says failures in the store's words; ``answer`` is not a failure."""
  from google.api_core.exceptions import GoogleAPICallError, RetryError
  from google.auth.exceptions import GoogleAuthError
  from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

  try:
    yield
  except answer:
    raise
  except (
    GoogleAPICallError,
    GoogleAuthError,
    RetryError,
    DataCorruption,
    InvalidResponse,
    # Of which the errors of requests are some.
    OSError,
    ValueError,
  ) as error:
    if answer is FileNotFoundError and _is_missing_object(error):
      raise FileNotFoundError(what) from error
    told = (
      f"cannot {what} gs://{site.bucket} as {site.principal}: {_text(error)}"
    )
    raise StoreError(told, remedy=_remedy(error, site)) from error


def _is_missing_object(error: Exception) -> bool:
  from google.api_core.exceptions import NotFound

  return isinstance(error, NotFound) and _NO_BUCKET not in str(error)


def _text(error: Exception) -> str:
  """What the service said, without the request and the retries around it."""
  cause = getattr(error, "cause", None)
  if isinstance(cause, Exception):
    return f"{_text(cause)} (tried again until it took too long)"
  response = getattr(error, "response", None)
  told = str(error) if response is None else answers.words(response)
  return told.partition("\n")[0]


def _remedy(error: Exception, site: Site) -> str | None:
  from google.auth.exceptions import GoogleAuthError

  cause = getattr(error, "cause", None)
  if isinstance(cause, Exception):
    return _remedy(cause, site)
  if isinstance(error, GoogleAuthError):
    return failures.not_renewed(error, site.principal, None).remedy
  status = _status(error)
  if status is None:
    return (
      _NETWORK if isinstance(error, ConnectionError | TimeoutError) else None
    )
  return _remedy_of_status(status, str(error), site)


def _status(error: Exception) -> int | None:
  """The HTTP status that the service answered with, if it answered."""
  response = getattr(error, "response", None)
  found = getattr(error, "code", None) or getattr(response, "status_code", None)
  return int(found) if isinstance(found, int) else None


def _remedy_of_status(status: int, told: str, site: Site) -> str | None:
  if status == 401:
    return failures.LOGIN
  if status == 403:
    return failures.permission(told, site.project) or grant(site)
  if status == 404 and _NO_BUCKET in told:
    return create(site)
  if status == 429 or status >= 500:
    return "try again: Cloud Storage is busy"
  return None


def grant(site: Site) -> str:
  """The command that lets the principal use the bucket."""
  member = failures.member(site.principal)
  return (
    f"gcloud storage buckets add-iam-policy-binding gs://{site.bucket}"
    f" --member={member} --role={_ROLE}"
  )


def create(site: Site) -> str:
  """The command that makes the bucket."""
  return (
    f"gcloud storage buckets create gs://{site.bucket}"
    f" --project={site.project} --location={site.region}"
    " --uniform-bucket-level-access"
  )
