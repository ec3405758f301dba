"""Which requests the backend takes, and what it says to the others."""

from __future__ import annotations

import pytest

from keras_remote_core.errors import (
  InvalidSetting,
  NoBackend,
  UnsupportedByBackend,
  UsageError,
)


@pytest.mark.parametrize(
  "accelerator", ["v6e-4x4", "v5e-4x4:spot", "v6e-2x4:hosts=2", "tpu7x-4x4x4"]
)
def test_slices_of_several_machines_run_here_once_there_is_a_project(
  make, accelerator
):
  plan = make(accelerator).plan
  assert plan.backend.name == "pathways"
  assert plan.processes == 1
  assert plan.prelude == ("pathwaysutils:initialize",)


@pytest.mark.parametrize("accelerator", ["cpu", "l4", "v6e-2x4", "v5p-2x2x1"])
def test_what_one_machine_has_is_left_to_others(make, accelerator):
  assert make(accelerator).plan.backend.name == "gke"


@pytest.mark.parametrize("accelerator", ["l4", "v6e-2x4", "v3-4x4"])
def test_what_pathways_has_no_use_for_is_refused_where_it_is_named(
  make, accelerator
):
  with pytest.raises(UnsupportedByBackend, match="none that it knows"):
    make(accelerator, backend="pathways")


def test_without_a_project_it_is_asked_for(make):
  with pytest.raises(NoBackend, match="KERAS_REMOTE_PROJECT"):
    make("v6e-4x4", project=None)


def test_a_kubeconfig_names_a_cluster_as_well_as_a_project(make):
  made = make(project=None, backend="pathways", store="gs://mine")
  assert made.plan.backend.why == "argument"


def test_the_users_own_requirement_wins(make):
  plan = make(requirements=["jax==0.9.2"]).plan
  assert "jax==0.10.0" in plan.backend_requirements
  assert "jax-0.9.2" in str(make(requirements=["jax==0.9.2"]).head)


def test_each_retry_is_an_attempt(make):
  assert make(retries=2).plan.attempts == 3


@pytest.mark.parametrize(
  ("settings", "said"),
  [
    ({"slices": 2, "node_pool": "one"}, "slices=2 take as many node pools"),
    ({"store": "s3://theirs"}, "in a bucket"),
    ({"flex_start": True, "reservation": "big"}, "exclude each other"),
  ],
)
def test_what_cannot_be_had_is_said_before_anything_is_made(
  make, settings, said
):
  with pytest.raises(UsageError, match=said) as caught:
    make(**settings)
  assert caught.value.remedy


@pytest.mark.parametrize(
  ("name", "value", "said"),
  [
    ("slices", 0, "from 1 to 256"),
    ("layout", "job", "'lws' or 'jobset'"),
    ("head_pool", "a b", "at most 63 letters"),
    ("proxy_memory", "16GB", "such as 16Gi or 64G"),
    ("image_tag", "jax:1", "such as jax-0.10.0"),
    ("retries", -1, "from 0 to 100"),
  ],
)
def test_a_setting_of_the_wrong_form_says_what_is_accepted(
  make, name, value, said
):
  with pytest.raises(InvalidSetting) as caught:
    make(**{name: value})
  assert said in caught.value.message
