"""Whether the repository of the images is there: one request."""

from __future__ import annotations

import os

from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_pulumi_infra.config import InfraConfig

_VARIABLE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_ARTIFACTREGISTRY"
_HOST = "https://artifactregistry.googleapis.com"
_TIMEOUT = 15.0


def exists(config: InfraConfig, credentials: GoogleCredentials) -> bool:
  """Whether somebody made it already, such as for another cluster.

  An account that may not look, or a project without the API, counts as none:
  making it then says what is wrong.
  """
  from google.auth.transport.requests import AuthorizedSession

  host = (os.environ.get(_VARIABLE) or _HOST).rstrip("/")
  path = (
    f"projects/{config.project}/locations/{config.region}"
    f"/repositories/{config.repository}"
  )
  with AuthorizedSession(credentials.google) as session:  # type: ignore[no-untyped-call]
    answer = session.get(f"{host}/v1/{path}", timeout=_TIMEOUT)
  return bool(answer.status_code == 200)
