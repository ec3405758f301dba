"""Google's clients, at their usual addresses or those that are set.

Other addresses are set as Google's own tools have it, for example by
``CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBUILD=http://127.0.0.1:9000/``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
  from google.api_core.retry import Retry
  from google.auth.credentials import Credentials
  from google.cloud.artifactregistry_v1 import ArtifactRegistryClient
  from google.cloud.devtools.cloudbuild_v1 import CloudBuildClient

_OVERRIDES = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
_PATIENCE = 60.0


def cloud_build(
  credentials: Callable[[], Credentials],
) -> CloudBuildClient:
  """A client of Cloud Build.

  Args:
    credentials: what is asked for credentials where any are needed.
  """
  from google.cloud.devtools.cloudbuild_v1 import CloudBuildClient
  from google.cloud.devtools.cloudbuild_v1.services.cloud_build.transports import (
    CloudBuildGrpcTransport,
  )

  options = _options("CLOUDBUILD", CloudBuildGrpcTransport, credentials)
  return CloudBuildClient(**options)


def artifact_registry(
  credentials: Callable[[], Credentials],
) -> ArtifactRegistryClient:
  """A client of Artifact Registry; as for ``cloud_build``."""
  from google.cloud.artifactregistry_v1 import ArtifactRegistryClient
  from google.cloud.artifactregistry_v1.services.artifact_registry.transports import (
    ArtifactRegistryGrpcTransport,
  )

  options = _options(
    "ARTIFACTREGISTRY", ArtifactRegistryGrpcTransport, credentials
  )
  return ArtifactRegistryClient(**options)


def patient() -> Retry:
  """Tries again for a minute where a service is away; other errors count."""
  from google.api_core.exceptions import ServiceUnavailable, TooManyRequests
  from google.api_core.retry import Retry, if_exception_type

  return Retry(
    predicate=if_exception_type(ServiceUnavailable, TooManyRequests),
    initial=0.2,
    maximum=5.0,
    timeout=_PATIENCE,
  )


def _options(
  service: str, transport: Any, credentials: Callable[[], Credentials]
) -> dict[str, Any]:
  override = os.environ.get(f"{_OVERRIDES}{service}")
  address = urlsplit(override or "")
  if address.scheme == "http":
    import grpc  # type: ignore[import-untyped]

    channel = grpc.insecure_channel(address.netloc)
    return {"transport": transport(channel=channel)}
  endpoint = {"api_endpoint": address.netloc} if override else {}
  return {"credentials": credentials(), "client_options": endpoint}
