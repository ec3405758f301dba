"""What Google's Container API tells of clusters: one request, or two."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from keras_remote_core.errors import MissingCredentials
from keras_remote_core.model import Place
from keras_remote_gke import answers, api
from keras_remote_gke.errors import ClusterUnreachable, NoCluster

if TYPE_CHECKING:
  from google.auth.credentials import Credentials

_OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER"
"""Google's own variable for another address of this API."""
_TIMEOUT = 30.0


def cluster(place: Place, google: Credentials) -> Mapping[str, Any]:
  """A cluster's description, as ``projects.locations.clusters.get`` has it.

  One that covers the zone's whole region is found by the zone too.

  Raises:
    NoCluster: the project has none of this name there, or does not show it.
    ClusterUnreachable: the API does not answer.
  """
  assert place.project
  assert place.zone
  project = f"projects/{place.project}/locations"
  status, found = _get(
    f"{project}/{place.zone}/clusters/{place.cluster}", google
  )
  if status == 200:
    return found
  if status != 404:
    raise _refused(place, status, found)
  clusters = listed(place, google)
  region = place.zone.rpartition("-")[0]
  for each in clusters:
    if (each["name"], each["location"]) == (place.cluster, region):
      return dict(each)
  raise _absent(place, clusters)


def listed(place: Place, google: Credentials) -> list[dict[str, Any]]:
  """The descriptions of all clusters that the place's project has.

  Raises:
    NoCluster: the project does not show them.
    ClusterUnreachable: the API does not answer.
  """
  path = f"projects/{place.project}/locations/-/clusters"
  status, found = _get(path, google)
  if status != 200:
    raise _refused(place, status, found)
  return list(found.get("clusters", ()))


def _get(path: str, google: Credentials) -> tuple[int, Mapping[str, Any]]:
  from google.auth.exceptions import GoogleAuthError
  from google.auth.transport.requests import AuthorizedSession
  from requests import RequestException
  from requests.adapters import HTTPAdapter

  root = os.environ.get(_OVERRIDE) or "https://container.googleapis.com/"
  url = f"{root.rstrip('/')}/v1/{path}"
  try:
    session = AuthorizedSession(google)  # type: ignore[no-untyped-call]
    with session:
      adapter = HTTPAdapter(max_retries=api.retries())
      for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
      answer = session.get(url, timeout=_TIMEOUT)
      return answer.status_code, answer.json()
  except GoogleAuthError as error:
    raise MissingCredentials(
      f"Google's credentials were refused: {error}",
      remedy="gcloud auth application-default login",
    ) from error
  except (RequestException, ValueError) as error:
    raise ClusterUnreachable(
      f"Google's Container API does not answer: {error}",
      remedy="check the network: keras-remote doctor",
    ) from error


def _refused(
  place: Place, status: int, told: Mapping[str, Any]
) -> NoCluster | ClusterUnreachable:
  error = told.get("error", {})
  message = error.get("message", f"HTTP {status}")
  if status in answers.TRANSIENT:
    return ClusterUnreachable(
      f"Google's Container API does not answer: {message}",
      status=status,
      remedy="try again in a minute",
    )
  remedy = (
    "have roles/container.clusterViewer granted to this account in project"
    f" {place.project}"
  )
  if "has not been used" in message or "is disabled" in message:
    remedy = (
      "gcloud services enable container.googleapis.com"
      f" --project {place.project}"
    )
  return NoCluster(
    f"project {place.project} does not tell of its clusters: {message}",
    status=status,
    remedy=remedy,
  )


def _absent(place: Place, clusters: list[dict[str, Any]]) -> NoCluster:
  there = ", ".join(
    f"{each['name']} in {each['location']}" for each in clusters
  )
  return NoCluster(
    f"project {place.project} has no cluster {place.cluster!r} in"
    f" {place.zone}; it has {there or 'none at all'}",
    status=404,
    remedy="set KERAS_REMOTE_CLUSTER and KERAS_REMOTE_ZONE, or make it:"
    " keras-remote up",
  )
