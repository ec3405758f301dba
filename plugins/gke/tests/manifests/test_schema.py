"""Kubernetes' own schema accepts every object, and knows every field."""

from __future__ import annotations

import kubernetes_validate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES

# The oldest in which all that a Job uses is stable, and the newest known.
VERSIONS = ("1.31", kubernetes_validate.latest_version())
ON_ONE_HOST = [
  each.name for each in (*Accelerators(FAMILIES).describe(),) if each.hosts == 1
]
SETTINGS = st.fixed_dictionaries(
  {"accelerator": st.sampled_from(["cpu", "l4", "v6e-2x4", "gb200x4"])},
  optional={
    "retries": st.integers(0, 100),
    "cpu": st.sampled_from(["1", "500m", 3]),
    "memory": st.sampled_from(["3Gi", "4G"]),
    "disk": st.just("10Gi"),
    "compute_class": st.just("mine"),
    "queue": st.just("team"),
    "service_account": st.just("trainer"),
    "labels": st.just({"example.com/team": "", "a": "B.c"}),
    "annotations": st.dictionaries(st.just("note"), st.text()),
    "node_pool": st.just("pool"),
    "timeout": st.floats(1, 1e9),
    "pending_timeout": st.floats(1, 1e9),
    "secrets": st.just({"HF_TOKEN": "hush"}),
  },
)


def check(objects, version=VERSIONS[-1]):
  for each in objects:
    kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("accelerator", ON_ONE_HOST)
def test_every_accelerator_of_one_machine_becomes_valid_objects(
  make, accelerator, version
):
  made = make(accelerator)
  check(made.created, version)
  check(made.shown, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
  "asked",
  [
    {"accelerator": "v5p-4x4x4", "backend": "gke"},
    {"accelerator": "v6e-2x4:hosts=2", "backend": "gke"},
    {"accelerator": "h100x8", "hosts": 16},
  ],
)
def test_several_machines_become_valid_objects(make, asked, version):
  made = make(**asked)
  check(made.created, version)
  check(made.shown, version)


@given(SETTINGS)
def test_whatever_is_asked_for_becomes_valid_objects(make, settings):
  made = make(**settings)
  check([*made.created, *made.shown])


def test_the_schema_would_notice_a_field_that_does_not_exist(make):
  job = make().job
  job["spec"]["retires"] = 1
  with pytest.raises(kubernetes_validate.ValidationError):
    check([job])
