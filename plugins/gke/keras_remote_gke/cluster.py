"""From a project, a zone and a cluster's name to its API server.

No gcloud, no kubectl, no kubeconfig unless one is named, and nothing global:
every cluster has a client of its own.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from keras_remote_core.errors import InvalidSetting
from keras_remote_core.model import Place
from keras_remote_core.roles import Context
from keras_remote_gcp.credentials import google_of
from keras_remote_gke import container_api
from keras_remote_gke.api import Api
from keras_remote_gke.settings import GkeSettings

if TYPE_CHECKING:
  from kubernetes.client import Configuration

_CONNECTIONS = 64


@frozen
class Connection:
  """A cluster's API server, and what Google tells of the cluster, if it does."""

  api: Api
  description: Mapping[str, Any] | None = None


def connect(
  place: Place, settings: GkeSettings, context: Context
) -> Connection:
  """The cluster of a place, or of the kubeconfig that the settings name.

  Raises:
    NoCluster: there is none of this name.
    MissingCredentials: nobody is logged in.
  """
  if settings.kubeconfig or settings.context:
    return Connection(_api(_of_kubeconfig(settings)))
  google = google_of(context.credentials)
  found = container_api.cluster(place, google)
  configuration = described(found, context.workdir)
  token = context.credentials.token if context.credentials else None

  def renew(target: Configuration) -> None:
    # Called for every request, so that a token never outlives its hour.
    target.api_key["authorization"] = (token() if token else None) or ""

  # Version 36 looks for the prefix by the second name alone.
  for name in ("authorization", "BearerToken"):
    configuration.api_key_prefix[name] = "Bearer"
  # Its type is that of the default.
  configuration.refresh_api_key_hook = renew  # type: ignore[assignment]
  renew(configuration)
  return Connection(_api(configuration), found)


def _api(configuration: Configuration) -> Api:
  from kubernetes.client import ApiClient

  configuration.connection_pool_maxsize = _CONNECTIONS
  return Api(ApiClient(configuration))


def described(found: Mapping[str, Any], folder: Path) -> Configuration:
  """How to reach a cluster of such a description; ``folder`` gets its CA."""
  made = _fresh()
  dns = found.get("controlPlaneEndpointsConfig", {}).get(
    "dnsEndpointConfig", {}
  )
  if dns.get("allowExternalTraffic") and dns.get("endpoint"):
    # Works for private clusters too, and has a certificate of a public CA.
    made.host = f"https://{dns['endpoint']}"
    return made
  made.host = f"https://{found['endpoint']}"
  path = folder / f"{found['id']}.pem"
  _write(path, base64.b64decode(found["masterAuth"]["clusterCaCertificate"]))
  made.ssl_ca_cert = str(path)
  return made


def _write(path: Path, data: bytes) -> None:
  """Writes a file that others may read at this very moment."""
  descriptor, name = tempfile.mkstemp(dir=path.parent)
  with os.fdopen(descriptor, "wb") as file:
    file.write(data)
  os.replace(name, path)


def _of_kubeconfig(settings: GkeSettings) -> Configuration:
  from kubernetes import config

  made = _fresh()
  path = Path(settings.kubeconfig).expanduser() if settings.kubeconfig else None
  try:
    config.load_kube_config(  # type: ignore[no-untyped-call]
      config_file=str(path) if path else None,
      context=settings.context,
      client_configuration=made,
      # The user's file is the user's.
      persist_config=False,
    )
  except config.ConfigException as error:
    where = path or os.environ.get("KUBECONFIG", "~/.kube/config")
    raise InvalidSetting(
      f"the kubeconfig {where} cannot be used: {error}",
      remedy="kubectl config get-contexts, then set KERAS_REMOTE_GKE_CONTEXT",
    ) from error
  return made


def _fresh() -> Configuration:
  """A configuration that no other client shares."""
  from kubernetes.client import Configuration

  # Calling the class would copy the default that somebody may have set.
  made: Configuration = type.__call__(Configuration)
  return made
