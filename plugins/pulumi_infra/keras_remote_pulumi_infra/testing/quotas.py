"""Compute Engine and the Cloud Quotas API, as far as they tell limits."""

from __future__ import annotations

import re
from typing import Any

from keras_remote_gcp.testing import refusals
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.server import Server

_LIST = re.compile(r"/compute/v1/projects/[^/]+(?:/regions/([^/]+))?")
_INFO = re.compile(
  r"/v1/projects/[^/]+/locations/global/services/compute\.googleapis\.com"
  r"/quotaInfos/([^/]+)"
)


class Quotas:
  """The limits of one project.

  Attributes:
    server: its faults and requests.
    limits: of Compute Engine's own, by region (empty: of the project) and
      metric.
    families: the Cloud Quotas API's ``dimensionsInfos``, by quota.
  """

  def __init__(self) -> None:
    self.server = Server(self._answer)
    self.limits: dict[tuple[str, str], float] = {}
    self.families: dict[str, list[dict[str, Any]]] = {}

  @property
  def environ(self) -> dict[str, str]:
    start = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
    return {
      f"{start}COMPUTE": f"{self.server.url}/compute/v1/",
      f"{start}CLOUDQUOTAS": f"{self.server.url}/",
    }

  def allow(
    self, quota: str, value: int | None, **dimensions: str
  ) -> dict[str, Any]:
    """Adds a limit of a family; None: an entry that states no value."""
    made: dict[str, Any] = {
      "dimensions": dimensions,
      "details": {} if value is None else {"value": str(value)},
      "applicableLocations": [dimensions.get("region", "us-central1")],
    }
    self.families.setdefault(quota, []).append(made)
    return made

  def _answer(self, request: Request) -> Response:
    if found := _INFO.fullmatch(request.path):
      infos = self.families.get(found[1])
      if infos is not None:
        return Response.json({"quotaId": found[1], "dimensionsInfos": infos})
    elif found := _LIST.fullmatch(request.path):
      region = found[1] or ""
      quotas = [
        {"metric": metric, "limit": limit, "usage": 0.0}
        for (place, metric), limit in self.limits.items()
        if place == region
      ]
      return Response.json({"name": region, "quotas": quotas})
    return refusals.no_such(request.path).response()
