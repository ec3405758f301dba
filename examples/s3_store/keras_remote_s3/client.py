"""obstore's client, told what AWS's variables say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keras_remote_core.errors import MissingCredentials
from keras_remote_s3.s3_remote.access import ACCESS_KEY, SECRET_KEY, Access

if TYPE_CHECKING:
  from obstore.store import S3Store

# Some seconds in sum; the library's own would take minutes to give up.
_RETRIES = 6


def bucket(name: str, environ: Mapping[str, str]) -> S3Store:
  """A bucket's client; nothing is asked yet.

  Raises:
    MissingCredentials: the environment names no access key.
  """
  from obstore.store import S3Store

  found = access(environ)
  return S3Store(
    name,
    config={
      "access_key_id": found.key,
      "secret_access_key": found.secret,
      **({"session_token": found.token} if found.token else {}),
      "region": found.region,
      "endpoint": found.endpoint,
    },
    client_options={"allow_http": found.endpoint.startswith("http://")},
    retry_config={"max_retries": _RETRIES},
  )


def access(environ: Mapping[str, str]) -> Access:
  """What an environment says of who asks, and where.

  Raises:
    MissingCredentials: it names no access key.
  """
  try:
    return Access.of(environ)
  except PermissionError as error:
    raise MissingCredentials(
      f"no key for s3://: {error}",
      remedy=f"export {ACCESS_KEY}=... {SECRET_KEY}=...",
    ) from None
