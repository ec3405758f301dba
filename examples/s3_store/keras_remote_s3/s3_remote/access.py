"""Who asks, and where: what AWS's variables say; pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

ACCESS_KEY, SECRET_KEY = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
TOKEN = "AWS_SESSION_TOKEN"
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")


@dataclasses.dataclass(frozen=True)
class Access:
  """An access key, and the service it is for.

  Args:
    endpoint: the service's URL, without a path.
    token: what a temporary key has besides, or nothing.
  """

  key: str
  secret: str = dataclasses.field(repr=False)
  token: str = dataclasses.field(repr=False)
  region: str
  endpoint: str

  @classmethod
  def of(cls, environ: Mapping[str, str]) -> Access:
    """What an environment says.

    Raises:
      PermissionError: it names no access key.
    """
    missing = [
      each for each in (ACCESS_KEY, SECRET_KEY) if not environ.get(each)
    ]
    if missing:
      raise PermissionError(
        f"{' and '.join(missing)} not set; a job has them where secrets= or"
        " KERAS_REMOTE_SECRETS names them"
      )
    region = _first(environ, _REGIONS) or "us-east-1"
    usual = f"https://s3.{region}.amazonaws.com"
    return cls(
      key=environ[ACCESS_KEY],
      secret=environ[SECRET_KEY],
      token=environ.get(TOKEN, ""),
      region=region,
      endpoint=(_first(environ, _ENDPOINTS) or usual).rstrip("/"),
    )


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
  return next((environ[each] for each in names if environ.get(each)), None)
