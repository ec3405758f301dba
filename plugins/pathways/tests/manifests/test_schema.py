"""The definitions accept every object, and know every field of it."""

from __future__ import annotations

import kubernetes_validate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_gke.testing.crds import strict
from keras_remote_pathways import generations

DRIVEN = [
  each.name
  for each in Accelerators(FAMILIES).describe()
  if generations.drives(each)
]
SETTINGS = st.fixed_dictionaries(
  {
    "accelerator": st.sampled_from(["v6e-4x4", "v5p-2x2x2:spot"]),
    "layout": st.sampled_from(["lws", "jobset"]),
    "excluded": st.booleans(),
    "slices": st.integers(1, 256),
  },
  optional={
    "retries": st.integers(0, 100),
    "cpu": st.sampled_from(["1", "500m", 3]),
    "memory": st.sampled_from(["3Gi", "4G"]),
    "disk": st.just("10Gi"),
    "head_pool": st.just("heads"),
    "proxy_memory": st.just("100G"),
    "queue": st.just("team"),
    "service_account": st.just("trainer"),
    "labels": st.just({"example.com/team": "", "a": "B.c"}),
    "annotations": st.dictionaries(st.just("note"), st.text()),
    "unattended": st.booleans(),
    "timeout": st.floats(1, 1e9),
    "secrets": st.just({"HF_TOKEN": "hush"}),
  },
)


def check(made):
  *others, main = made.shown
  assert strict.errors(f"{main['kind'].lower()}s", main) == []
  for each in others:
    version = kubernetes_validate.latest_version()
    kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize("accelerator", DRIVEN)
def test_every_slice_becomes_valid_objects(make, layout, accelerator):
  check(make(accelerator, layout=layout))


@given(SETTINGS)
def test_whatever_is_asked_for_becomes_valid_objects(make, settings):
  check(make(**settings))


def test_the_definitions_would_notice_a_field_that_does_not_exist(make, layout):
  main = make(layout=layout).main
  main["spec"]["retires"] = 1
  assert strict.errors(f"{main['kind'].lower()}s", main)
