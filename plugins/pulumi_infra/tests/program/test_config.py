"""What can be wanted, and how it is kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.errors import InvalidSetting
from keras_remote_pulumi_infra.config import (
  CONTROLLERS,
  InfraConfig,
  PoolConfig,
  from_json,
  to_json,
)

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True)
POOLS = st.builds(
  PoolConfig,
  name=NAMES,
  accelerator=st.sampled_from(["l4", "v6e-4x4", "cpu:8"]),
  machine_type=st.none() | st.just("g2-standard-8"),
  spot=st.booleans(),
  min_nodes=st.integers(0, 3),
  max_nodes=st.none() | st.integers(3, 9),
)
CONFIGS = st.builds(
  InfraConfig,
  project=st.just("my-project"),
  location=st.sampled_from(["us-central1", "us-central1-a"]),
  node_zone=st.just("us-central1-a"),
  cluster=NAMES,
  adopt=st.booleans(),
  network=st.none() | st.text(),
  controllers=st.lists(st.sampled_from(CONTROLLERS)).map(tuple),
  pools=st.lists(
    POOLS.filter(lambda each: each.name not in ("cpu", "system")),
    unique_by=lambda each: each.name,
  ).map(tuple),
)


@given(CONFIGS)
def test_what_was_kept_is_what_was_wanted(config):
  assert from_json(to_json(config)) == config


@given(
  st.text()
  | st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
  ).map(json.dumps)
)
def test_what_is_no_config_is_said_to_be_none(text):
  with pytest.raises(InvalidSetting, match="cannot be read") as caught:
    from_json(text)
  assert caught.value.remedy


def test_what_a_later_version_kept_is_left_to_that_version(configured):
  told = {**json.loads(to_json(configured())), "schema": 2}
  with pytest.raises(InvalidSetting, match="a later version") as caught:
    from_json(json.dumps(told))
  assert "--upgrade" in caught.value.remedy


def test_what_was_kept_is_checked_like_what_is_wanted(configured):
  told = {**json.loads(to_json(configured())), "cluster": "No Name"}
  with pytest.raises(InvalidSetting, match="cannot be read"):
    from_json(json.dumps(told))


@pytest.mark.parametrize(
  ("changes", "told"),
  [
    ({"project": "My Project"}, "not a project's id"),
    ({"project": "projects/mine"}, "not a project's id"),
    ({"cluster": "-a"}, "at most 40"),
    ({"cluster": "a" * 41}, "at most 40"),
    ({"location": "somewhere"}, "not a zone or region"),
    ({"node_zone": "us-central1"}, "not a zone"),
    ({"node_zone": "us-central10-a"}, "cannot be of a cluster in us-central1"),
    ({"location": "europe-west4"}, "cannot be of a cluster in europe-west4"),
    ({"namespace": "UPPER"}, "namespace 'UPPER'"),
    ({"service_account": "a.b"}, "service account 'a.b'"),
    ({"cpu_machine_type": "big"}, "not a machine type"),
    ({"cpu_max_nodes": -1}, "not a number of machines"),
    ({"cpu_min_nodes": 9}, "at least 9 machines and at most 8"),
    ({"controllers": ("lws", "argo")}, "'argo' is none of the controllers"),
    ({"repository": "A"}, "not a repository's name"),
  ],
)
def test_what_google_would_refuse_is_refused_at_once(configured, changes, told):
  with pytest.raises(InvalidSetting, match=told):
    configured(**changes)


@pytest.mark.parametrize(
  ("fields", "told"),
  [
    ({"name": "Pool"}, "at most 40"),
    ({"spot": True, "flex_start": True}, "spot and flex-start exclude"),
    ({"spot": True, "reservation": "r"}, "spot and a reservation exclude"),
    ({"reservation": "a/b"}, "must be NAME or projects/"),
    ({"min_nodes": 3, "max_nodes": 2}, "at least 3 machines and at most 2"),
    ({"max_nodes": 0}, "at most 0"),
    ({"min_nodes": -1}, "not a number of machines"),
    ({"machine_type": "big"}, "not a machine type"),
  ],
)
def test_a_pool_that_contradicts_itself_is_refused(fields, told):
  asked = {"name": "pool", "accelerator": "l4", **fields}
  with pytest.raises(InvalidSetting, match=told):
    PoolConfig(**asked)


@pytest.mark.parametrize("names", [("a", "a"), ("cpu",), ("system",)])
def test_two_pools_of_one_name_are_refused(configured, names):
  asked = tuple(PoolConfig(name=each, accelerator="l4") for each in names)
  with pytest.raises(InvalidSetting, match="two node pools"):
    configured(pools=asked)


def test_a_cluster_is_of_the_region_of_its_zone(configured):
  assert configured(location="us-central1-b").region == "us-central1"
  assert configured(location="us-central1").region == "us-central1"
