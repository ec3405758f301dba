"""The limits that Google sets a project, as far as it tells them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_pulumi_infra.quota_needs import FAMILY, PROJECT, Quota

# Google's own variables for other addresses of these APIs.
_COMPUTE = (
  "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE",
  "https://compute.googleapis.com/compute/v1",
)
_CLOUD_QUOTAS = (
  "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDQUOTAS",
  "https://cloudquotas.googleapis.com",
)
_INFOS = "locations/global/services/compute.googleapis.com/quotaInfos"
_TIMEOUT = 10.0


@frozen(kw_only=True)
class Limits:
  """A project's limits in one region; each list is asked for once."""

  credentials: GoogleCredentials
  region: str
  _known: dict[str, Mapping[str, Any]] = field(init=False, factory=dict)

  def __call__(self, quota: Quota) -> float | None:
    """A quota's limit; None where it is not told, or not to this account."""
    project = f"projects/{self.credentials.project}"
    if quota.scope == FAMILY:
      found = self._get(_CLOUD_QUOTAS, f"v1/{project}/{_INFOS}/{quota.name}")
      return _of_family(found, quota, self.region)
    whole = quota.scope == PROJECT
    path = project if whole else f"{project}/regions/{self.region}"
    return _of_list(self._get(_COMPUTE, path), quota)

  def _get(self, api: tuple[str, str], path: str) -> Mapping[str, Any]:
    variable, host = api
    url = f"{os.environ.get(variable, host).rstrip('/')}/{path}"
    if url not in self._known:
      self._known[url] = _asked(self.credentials, url)
    return self._known[url]


def _asked(credentials: GoogleCredentials, url: str) -> Mapping[str, Any]:
  """An answer; an empty one where it is refused."""
  from google.auth.transport.requests import AuthorizedSession
  from requests import RequestException

  try:
    with AuthorizedSession(credentials.google) as session:  # type: ignore[no-untyped-call]
      answer = session.get(url, timeout=_TIMEOUT)
      found = answer.json() if answer.status_code == 200 else {}
  except (RequestException, ValueError):
    return {}
  return found if isinstance(found, dict) else {}


def _of_list(found: Mapping[str, Any], quota: Quota) -> float | None:
  """Of Compute Engine's list."""
  for each in found.get("quotas", ()):
    if each.get("metric") == quota.name:
      return float(each["limit"])
  return None


def _of_family(
  found: Mapping[str, Any], quota: Quota, region: str
) -> float | None:
  """Of the Cloud Quotas API: the entry that fits most closely.

  A dimension that an entry leaves out stands for all its values.
  """
  asked = {"region": region, str(quota.dimension): quota.family}
  fitting = [
    each
    for each in found.get("dimensionsInfos", ())
    if (each.get("dimensions") or {}).items() <= asked.items()
    and region in each.get("applicableLocations", (region,))
  ]
  if not fitting:
    return None
  closest = max(fitting, key=lambda each: len(each.get("dimensions") or {}))
  value = (closest.get("details") or {}).get("value")
  if value is None:
    return None
  # No limit at all is written so.
  return float("inf") if int(value) < 0 else float(value)
