"""Google's Cloud Billing Catalog API, with the entries that a test gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras_remote_gcp.testing import refusals
from keras_remote_gcp.testing.messages import Request, Response
from keras_remote_gcp.testing.server import Server
from keras_remote_gcp.testing.tokens import Tokens

_SKUS = "/v1/services/6F81-5844-456A/skus"


def sku(
  description: str,
  group: str,
  price: str,
  *,
  usage: str = "OnDemand",
  unit: str = "h",
  regions: Sequence[str] = ("us-central1",),
  since: str = "2026-08-07T07:00:00.123Z",
) -> dict[str, Any]:
  """An entry as the catalog has it.

  Args:
    price: in dollars, such as ``"2.7"``.
  """
  units, _, fraction = price.partition(".")
  money = {
    "currencyCode": "USD",
    "units": units,
    "nanos": int(fraction.ljust(9, "0")),
  }
  expression = {
    "usageUnit": unit,
    "displayQuantity": 1,
    "tieredRates": [{"startUsageAmount": 0, "unitPrice": money}],
  }
  return {
    "name": f"services/6F81-5844-456A/skus/{abs(hash(description)):X}",
    "description": description,
    "category": {
      "serviceDisplayName": "Compute Engine",
      "resourceFamily": "Compute",
      "resourceGroup": group,
      "usageType": usage,
    },
    "serviceRegions": list(regions),
    "pricingInfo": [
      {"effectiveTime": since, "summary": "", "pricingExpression": expression}
    ],
  }


class Billing:
  """A catalog that is read in pages.

  Args:
    page: the most entries of one answer.

  Attributes:
    server: its faults and requests.
  """

  def __init__(
    self,
    skus: Sequence[dict[str, Any]] = (),
    tokens: Tokens | None = None,
    page: int = 2,
  ) -> None:
    self.server, self.skus = Server(self._answer), list(skus)
    self._tokens, self._page = tokens, page

  @property
  def environ(self) -> dict[str, str]:
    name = "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBILLING"
    return {name: f"{self.server.url}/"}

  def _answer(self, request: Request) -> Response:
    if self._tokens and not self._tokens.allows(request.headers):
      return refusals.unauthorized().response()
    if request.path != _SKUS:
      return refusals.no_such(request.path).response()
    start = int(request.query.get("pageToken") or 0)
    end = start + self._page
    rest = str(end) if end < len(self.skus) else ""
    page = self.skus[start:end]
    return Response.json({"skus": page, "nextPageToken": rest})
