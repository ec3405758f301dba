"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.providers import Provider, StoreProvider
from keras_remote_core.settings import CoreSettings
from keras_remote_gcp import buckets
from keras_remote_gcp.settings import GoogleSettings

_HERE = "keras_remote_gcp"
# One object takes about one write a second; a log's chunks are new objects,
# so that this is about what requests cost.
_LOG_INTERVAL = 5.0


@hookimpl
def keras_remote_authenticators() -> Iterable[Provider[Any]]:
  yield Provider(
    name="google",
    summary="The application default credentials, or a service account's.",
    implementation=f"{_HERE}.authenticator:google",
    settings=GoogleSettings,
  )


@hookimpl
def keras_remote_artifact_stores() -> Iterable[StoreProvider[Any]]:
  yield StoreProvider(
    name="gs",
    summary="A bucket of Google Cloud Storage.",
    implementation=f"{_HERE}.gcs_store:GcsStore",
    remote=f"{_HERE}.gcs_remote",
    authenticator="google",
    default_url=default_url,
    log_interval=_LOG_INTERVAL,
  )


@hookimpl
def keras_remote_checks() -> Iterable[Provider[Any]]:
  yield Provider(
    name="google-credentials",
    summary="There are Google credentials, and they are good.",
    implementation=f"{_HERE}.checks:credentials",
  )
  yield Provider(
    name="google-project",
    summary="A project is configured, and the credentials may use it.",
    implementation=f"{_HERE}.checks:project",
  )
  yield Provider(
    name="google-apis",
    summary="The project's APIs that jobs need are enabled.",
    implementation=f"{_HERE}.checks:apis",
  )
  yield Provider(
    name="google-bucket",
    summary="The bucket can be written, read and listed.",
    implementation=f"{_HERE}.checks:bucket",
  )


def default_url(core: CoreSettings) -> str | None:
  """The bucket of a cluster, where nothing else is said."""
  if core.project is None:
    return None
  return f"gs://{buckets.name(core.project, core.cluster)}"
