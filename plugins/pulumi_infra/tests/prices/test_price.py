"""A price is Google's own, with its date, or it is not known."""

from __future__ import annotations

import datetime
from decimal import Decimal

import hypothesis
import pytest
from attrs import evolve
from hypothesis import strategies as st

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_gcp.testing.server import Fault
from keras_remote_pulumi_infra import bills, pools, price, skus
from keras_remote_pulumi_infra.testing.billing import Billing, sku

SPOT = "Preemptible"
REGION = "us-central1"
CATALOG = (
  sku("TpuV6e running in Iowa", "TPU", "2.7"),
  sku("TpuV6e running in Columbus", "TPU", "2.75", regions=["us-east5"]),
  sku("Capacity Optimized TpuV6e running in Iowa", "TPU", "2.8"),
  sku("Reserved V6e TPU in Iowa in Calendar Mode", "TPU", "1.89"),
  sku("DWS Defined Duration V6e running in Iowa", "TPU", "1.35"),
  sku(
    "Commitment v1: TpuV6e in Iowa for 1 Year", "TPU", "1.9", usage="Commit1Yr"
  ),
  sku(
    "TpuV6e attached to Spot Preemptible VMs running in Iowa",
    "TPU",
    "1.403300",
    usage=SPOT,
    since="2026-08-01T07:00:00Z",
  ),
  sku(
    "G2 Instance Core running in Americas", "CPU", "0.025", since="2026-01-02"
  ),
  sku("G2 Instance Ram running in Americas", "RAM", "0.003", unit="GiBy.h"),
  sku("G2 Custom Instance Core running in Americas", "CPU", "0.026"),
  sku("Nvidia L4 GPU running in Americas", "GPU", "0.56"),
  sku(
    "Spot Preemptible G2 Instance Core running in Americas",
    "CPU",
    "0.01",
    usage=SPOT,
  ),
  sku(
    "Spot Preemptible G2 Instance Ram running in Americas",
    "RAM",
    "0.001",
    usage=SPOT,
    unit="GiBy.h",
  ),
  sku(
    "Nvidia L4 GPU attached to Spot Preemptible VMs running in Americas",
    "GPU",
    "0.22",
    usage=SPOT,
  ),
  sku("N1 Predefined Instance Core running in Americas", "N1Standard", "0.03"),
  sku(
    "N1 Predefined Instance Ram running in Americas",
    "N1Standard",
    "0.004",
    unit="GiBy.h",
  ),
  sku("Nvidia Tesla T4 GPU running in Americas", "GPU", "0.35"),
  sku("A4 Nvidia B200 (1 gpu slice) running in Americas", "GPU", "16.11"),
  sku("E2 Instance Core running in Americas", "CPU", "0.02"),
  sku("E2 Instance Ram running in Americas", "RAM", "0.003", unit="GiBy.h"),
  sku("Nvidia H100 80GB GPU running in Americas", "GPU", "9.79"),
)
ACCELERATORS = Accelerators(FAMILIES)
JSON = st.recursive(
  st.none() | st.booleans() | st.integers() | st.text(max_size=4),
  lambda inner: (
    st.lists(inner, max_size=2)
    | st.dictionaries(
      st.sampled_from(
        [
          "category",
          "usageType",
          "resourceGroup",
          "serviceRegions",
          "pricingInfo",
          "pricingExpression",
          "tieredRates",
          "unitPrice",
          "units",
          "nanos",
          "effectiveTime",
          "usageUnit",
        ]
      ),
      inner,
      max_size=4,
    )
  ),
  max_leaves=12,
)


def pool(name, **asked):
  return pools.pool_config(ACCELERATORS.parse(name).accelerator, **asked)


@pytest.fixture
def billing(serve):
  return serve(Billing(CATALOG))


@pytest.mark.parametrize(
  ("name", "asked", "amount", "machines"),
  [
    ("v6e-8", {}, "21.6", 1),
    ("v6e-4x4", {}, "43.2", 4),
    ("v6e-4x4", {"spot": True}, "22.4528", 4),
    ("v6e-4x4", {"flex_start": True}, "21.6", 4),
    # 4 CPUs, 16 GB and a GPU of each of these.
    ("l4", {}, "0.708", 1),
    ("l4", {"spot": True}, "0.276", 1),
    ("l4", {"machine_type": "g2-standard-32"}, "1.744", 1),
    ("t4", {}, "0.53", 1),
    ("b200x8", {}, "128.88", 1),
    ("cpu", {}, "0.256", 1),
  ],
)
def test_a_pool_costs_what_its_parts_cost_together(
  billing, credentials, name, asked, amount, machines
):
  found = price.hourly(pool(name, **asked), f"{REGION}-a", credentials)
  assert found is not None
  assert (found.amount, found.machines) == (Decimal(amount), machines)


def test_a_price_names_its_currency_and_the_oldest_of_its_dates(
  billing, credentials
):
  found = price.hourly(pool("v6e-4x4", spot=True), f"{REGION}-a", credentials)
  assert str(found) == (
    "22.45 USD an hour for 4 machines without disks (Google's list price of"
    " 2026-08-01)"
  )
  found = price.hourly(pool("l4"), REGION, credentials)
  assert found.as_of == datetime.date(2026, 1, 2)


@pytest.mark.parametrize(
  ("name", "asked"),
  [
    # Half of it is in the catalog, or nothing is.
    ("h100x8", {}),
    ("v5p-2x2x1", {}),
    ("v4-2x2x1", {}),
    # Nobody knows how it is billed.
    ("v6e-8", {"reservation": "ours"}),
    ("l4", {"flex_start": True}),
    ("t4", {"machine_type": "custom-48-319488"}),
    ("cpu", {"machine_type": "c3-standard-8"}),
  ],
)
def test_what_the_catalog_does_not_tell_is_not_known(
  billing, credentials, name, asked
):
  assert price.hourly(pool(name, **asked), REGION, credentials) is None


def test_a_region_without_an_entry_has_no_price(billing, credentials):
  assert price.hourly(pool("v6e-8"), "europe-west4-a", credentials) is None


def test_two_entries_that_say_different_things_say_nothing(
  billing, credentials
):
  billing.skus.append(sku("TpuV6e running in Iowa", "TPU", "9"))
  assert price.hourly(pool("v6e-8"), REGION, credentials) is None


def test_two_entries_that_say_the_same_agree(billing, credentials):
  billing.skus.append(sku("TpuV6e running in Iowa", "TPU", "2.7"))
  assert price.hourly(pool("v6e-8"), REGION, credentials)


def test_rates_by_tiers_are_no_rate(billing, credentials):
  (entry,) = [
    e
    for e in billing.skus
    if e["description"].endswith("V6e running in Iowa")
    and e["description"].startswith("Tpu")
  ]
  expression = entry["pricingInfo"][0]["pricingExpression"]
  free = {"currencyCode": "USD", "units": "0", "nanos": 0}
  tier = {"startUsageAmount": 0, "unitPrice": free}
  expression["tieredRates"] = [tier, *expression["tieredRates"]]
  assert price.hourly(pool("v6e-8"), REGION, credentials) is None


@pytest.mark.parametrize(
  "fault",
  [
    Fault(status=403, body=b'{"error": {"message": "API disabled"}}'),
    Fault(status=500),
    Fault(cut=-1),
    Fault(cut=40),
    Fault(status=200, body=b"<html>"),
    Fault(status=200, body=b"[]"),
    Fault(query={"pageToken": "4"}, status=503),
  ],
)
def test_a_catalog_that_does_not_answer_tells_no_price(
  billing, credentials, fault
):
  billing.server.faults.inject(fault)
  assert price.hourly(pool("v6e-8"), REGION, credentials) is None


def test_a_slow_catalog_is_not_waited_for(billing, credentials):
  billing.server.faults.inject(Fault(delay=30, times=9))
  found = price.hourly(pool("v6e-8"), REGION, credentials, patience=0.2)
  assert found is None


def test_nobody_is_asked_what_is_not_known_anyhow(billing, credentials):
  price.hourly(pool("v4-2x2x1"), REGION, credentials)
  assert billing.server.requests == []


@hypothesis.given(JSON)
def test_whatever_the_catalog_holds_is_an_entry_or_is_not(entry):
  shape = pools.shape(pool("v6e-8"))
  (part,) = bills.parts(shape)
  assert not skus.matches(entry, part, shape, REGION)
  skus.rate([entry])


@hypothesis.given(
  st.integers(0, 10**4), st.integers(0, 10**9 - 1), st.booleans()
)
def test_an_amount_is_read_exactly(units, nanos, spot):
  hypothesis.assume(units or nanos)
  entry = sku("TpuV6e running in Iowa", "TPU", f"{units}.{nanos:09}")
  found = skus.rate([entry])
  assert found.amount == units + Decimal(nanos).scaleb(-9)


@pytest.mark.parametrize(
  "name", ["v6e-8", "v5p-2x2x2", "l4", "a100x4", "h200x8", "cpu:8"]
)
def test_of_a_machine_each_part_is_counted(name):
  shape = pools.shape(pool(name))
  for each in bills.parts(shape):
    assert each.count > 0
  without = evolve(shape, reservation="ours")
  assert bills.parts(without) is None
