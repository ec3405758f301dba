"""What a pool costs, by Google's public catalog."""

from __future__ import annotations

import datetime
import json
import os
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_pulumi_infra import bills, forms, pools, skus
from keras_remote_pulumi_infra.config import PoolConfig
from keras_remote_pulumi_infra.shapes import PoolShape
from keras_remote_pulumi_infra.skus import Rate, Sku

if TYPE_CHECKING:
  import requests

_OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBILLING"
"""Google's own variable for another address of this API."""
_HOST = "https://cloudbilling.googleapis.com"
_COMPUTE_ENGINE = "services/6F81-5844-456A"
_FIELDS = (
  "nextPageToken,skus(description,category,serviceRegions,"
  "pricingInfo(effectiveTime,pricingExpression(usageUnit,tieredRates)))"
)
_PAGE = 5000
_PATIENCE = 15.0
_CHUNK = 1 << 16
_CENT = Decimal("0.01")


@frozen(kw_only=True)
class Price:
  """What machines cost in an hour, without disks and network.

  Args:
    machines: how many cost that together: those of one slice, or one.
    as_of: since when it is no other.
  """

  amount: Decimal
  currency: str
  machines: int
  as_of: datetime.date

  def __str__(self) -> str:
    amount = max(self.amount, _CENT).quantize(_CENT)
    several = f" for {self.machines} machines" if self.machines > 1 else ""
    return (
      f"{amount} {self.currency} an hour{several} without disks (Google's list"
      f" price of {self.as_of})"
    )


def hourly(
  pool: PoolConfig,
  location: str,
  credentials: GoogleCredentials,
  patience: float = _PATIENCE,
) -> Price | None:
  """What one slice or one machine of a pool costs.

  Args:
    location: a zone or a region.
    patience: seconds after which it counts as not known.

  Returns:
    None where the catalog does not tell it, or does not answer.
  """
  shape = pools.shape(pool)
  parts = bills.parts(shape)
  if parts is None:
    return None
  region, deadline = forms.region(location), time.monotonic() + patience
  found: list[list[Sku]] = [[] for _ in parts]
  try:
    for sku in _catalog(credentials, deadline):
      for part, kept in zip(parts, found, strict=True):
        if skus.matches(sku, part, shape, region):
          kept.append(sku)
  except _unanswered():
    return None
  rates = [skus.rate(each) for each in found]
  return _total(shape, [each.count for each in parts], rates)


def _total(
  shape: PoolShape, counts: Sequence[int], rates: Sequence[Rate | None]
) -> Price | None:
  known = [each for each in rates if each is not None]
  currencies = {each.currency for each in known}
  if len(known) < len(counts) or len(currencies) != 1:
    return None
  one = sum(
    (n * each.amount for n, each in zip(counts, known, strict=True)), Decimal(0)
  )
  machines = shape.accelerator.hosts
  return Price(
    amount=one * machines,
    currency=currencies.pop(),
    machines=machines,
    as_of=min(each.since for each in known),
  )


def _catalog(credentials: GoogleCredentials, deadline: float) -> Iterator[Sku]:
  """Every entry of Compute Engine, page by page."""
  from google.auth.transport.requests import AuthorizedSession

  root = os.environ.get(_OVERRIDE, _HOST).rstrip("/")
  asked = {"pageSize": str(_PAGE), "fields": _FIELDS}
  with AuthorizedSession(credentials.google) as session:  # type: ignore[no-untyped-call]
    while True:
      page = _page(
        session, f"{root}/v1/{_COMPUTE_ENGINE}/skus", asked, deadline
      )
      yield from page.get("skus", ())
      asked["pageToken"] = page.get("nextPageToken", "")
      if not asked["pageToken"]:
        return


def _page(
  session: requests.Session, url: str, asked: dict[str, str], deadline: float
) -> Any:
  left = deadline - time.monotonic()
  if left <= 0:
    raise TimeoutError
  with session.get(url, params=asked, timeout=left, stream=True) as answer:
    answer.raise_for_status()
    body = bytearray()
    for chunk in answer.iter_content(_CHUNK):
      body += chunk
      if time.monotonic() > deadline:
        raise TimeoutError
  return json.loads(body)


def _unanswered() -> tuple[type[Exception], ...]:
  """What tells nothing of a price."""
  from google.auth.exceptions import GoogleAuthError
  from requests import RequestException

  return (
    AttributeError,
    GoogleAuthError,
    RequestException,
    TimeoutError,
    ValueError,
  )
