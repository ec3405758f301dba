"""Rates in the entries of Google's catalog; pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen

from keras_remote_pulumi_infra.bills import Part
from keras_remote_pulumi_infra.shapes import PoolShape

Sku = Mapping[str, Any]

_PLACE = r" running in .+"
# Commitments are other types; TPUs on spot capacity can be of either.
_TYPES = ("OnDemand", "Preemptible")


@frozen(kw_only=True)
class Rate:
  """What one unit costs for an hour, and since when."""

  amount: Decimal
  currency: str
  since: datetime.date


def matches(sku: Sku, part: Part, shape: PoolShape, region: str) -> bool:
  """Whether an entry is the rate of a part, in a region and by a pool's way."""
  try:
    category = sku["category"]
    found = (
      category["usageType"] in (_TYPES if shape.spot else _TYPES[:1])
      and category["resourceGroup"] in part.groups
      and region in sku["serviceRegions"]
      and _unit(sku) == part.unit
      and re.fullmatch(
        _description(part, shape), sku["description"], re.IGNORECASE
      )
    )
  except (KeyError, IndexError, TypeError):
    return False
  return bool(found)


def rate(found: Iterable[Sku]) -> Rate | None:
  """The one rate of entries that match a part; None where it is not one."""
  rates = [_rate(each) for each in found]
  if not rates or None in rates:
    return None
  known = [each for each in rates if each is not None]
  if len({(each.amount, each.currency) for each in known}) > 1:
    return None
  return min(known, key=lambda each: each.since)


def _description(part: Part, shape: PoolShape) -> str:
  """What the descriptions of a part's entries look like."""
  name = f"(?:{'|'.join(map(re.escape, part.names))})"
  if shape.flex_start:
    return f"DWS Defined Duration {name}{_PLACE}"
  if not shape.spot:
    return f"{name}{_PLACE}"
  attached = f"{name} attached to Spot Preemptible VMs"
  return f"(?:Spot Preemptible {name}|{attached}){_PLACE}"


def _expression(sku: Sku) -> Mapping[str, Any]:
  # Prices come in the order of their time; the last one is in force.
  found: Mapping[str, Any] = sku["pricingInfo"][-1]["pricingExpression"]
  return found


def _unit(sku: Sku) -> str:
  return str(_expression(sku)["usageUnit"])


def _rate(sku: Sku) -> Rate | None:
  try:
    (price,) = {
      (_amount(each["unitPrice"]), str(each["unitPrice"]["currencyCode"]))
      for each in _expression(sku)["tieredRates"]
    }
    since = str(sku["pricingInfo"][-1]["effectiveTime"])[:10]
    day = datetime.date.fromisoformat(since)
  except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError):
    return None
  except ValueError:
    return None
  if not price[0] > 0:
    return None
  return Rate(amount=price[0], currency=price[1], since=day)


def _amount(price: Mapping[str, Any]) -> Decimal:
  """Of Google's type ``Money``: whole units, and billionths of one."""
  whole, billionths = int(price.get("units", 0)), int(price.get("nanos", 0))
  return whole + Decimal(billionths) / 10**9
