"""Quotas are Google's own, and where it tells none nothing is claimed."""

from __future__ import annotations

import hypothesis
import pytest
from attrs import evolve
from google.auth.credentials import AnonymousCredentials
from hypothesis import strategies as st

from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.builtin.accelerator_facts import FAMILIES
from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_gcp.testing.server import Fault
from keras_remote_pulumi_infra import pools, quota_needs
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.quotas import Limits
from keras_remote_pulumi_infra.testing.quotas import Quotas

ACCELERATORS = Accelerators(FAMILIES)
REGION = "us-central1"
GPU_FAMILY = "GPUS-PER-GPU-FAMILY-per-project-region"
TPU_FAMILY = "TPUS-PER-TPU-FAMILY-per-project-region"
SPOT_V6E = "PREEMPTIBLE-TPU-V6E-per-project-region"


def config(*named, **asked):
  made = [
    pools.pool_config(ACCELERATORS.parse(each).accelerator, **asked)
    for each in named
  ]
  return InfraConfig(
    project="my-project",
    location=f"{REGION}-a",
    node_zone=f"{REGION}-a",
    cluster="training",
    pools=tuple(made),
  )


@pytest.fixture
def google(serve):
  return serve(Quotas())


@pytest.fixture
def judged(google):
  def judge(asked):
    credentials = GoogleCredentials(
      principal="somebody", project="my-project", google=AnonymousCredentials()
    )
    limits = Limits(credentials=credentials, region=REGION)
    return quota_needs.judged(quota_needs.needs(asked), limits)

  return judge


def test_a_slice_takes_the_chips_of_all_its_machines(google, judged):
  google.limits[REGION, "TPU_LITE_PODSLICE_V5"] = 15.0
  found = judged(config("v5e-4x4"))
  assert found.short == (
    "pool v5e-4x4 takes 16, and TPU_LITE_PODSLICE_V5 is 15",
  )
  google.limits[REGION, "TPU_LITE_PODSLICE_V5"] = 16.0
  assert judged(config("v5e-4x4")).enough == ("v5e-4x4",)


def test_a_pool_of_single_machines_needs_one_of_them(google, judged):
  google.limits[REGION, "NVIDIA_L4_GPUS"] = 1.0
  google.limits["", "GPUS_ALL_REGIONS"] = 4.0
  assert judged(config("l4")).enough == ("l4",)
  kept = config("l4", min_nodes=2)
  assert judged(kept).short == ("pool l4 takes 2, and NVIDIA_L4_GPUS is 1",)


def test_gpus_are_limited_everywhere_at_once_too(google, judged):
  google.limits[REGION, "NVIDIA_L4_GPUS"] = 8.0
  google.limits["", "GPUS_ALL_REGIONS"] = 0.0
  (told,) = judged(config("l4")).short
  assert told == "pool l4 takes 1, and GPUS_ALL_REGIONS is 0"


def test_spot_machines_have_a_quota_of_their_own_or_the_usual_one(
  google, judged
):
  google.limits["", "GPUS_ALL_REGIONS"] = 8.0
  google.limits[REGION, "NVIDIA_L4_GPUS"] = 0.0
  google.limits[REGION, "PREEMPTIBLE_NVIDIA_L4_GPUS"] = 0.0
  (told,) = judged(config("l4", spot=True)).short
  assert told == (
    "pool l4-spot takes 1, and PREEMPTIBLE_NVIDIA_L4_GPUS is 0 and"
    " NVIDIA_L4_GPUS is 0"
  )
  google.limits[REGION, "PREEMPTIBLE_NVIDIA_L4_GPUS"] = 1.0
  assert judged(config("l4", spot=True)).enough == ("l4-spot",)


def test_newer_chips_are_limited_by_their_family(google, judged):
  google.allow(TPU_FAMILY, 8, region=REGION, tpu_family="CT6E")
  google.allow(TPU_FAMILY, 999, region=REGION, tpu_family="CT5P")
  assert judged(config("v6e-8")).enough == ("v6e-2x4",)
  (told,) = judged(config("v6e-4x4")).short
  assert told == f"pool v6e-4x4 takes 16, and {TPU_FAMILY} of CT6E is 8"


@pytest.mark.parametrize("how", ["spot", "flex_start"])
def test_machines_that_go_again_take_the_preemptible_quota(google, judged, how):
  google.allow(TPU_FAMILY, 0, region=REGION, tpu_family="CT6E")
  google.allow(SPOT_V6E, 1536, region=REGION)
  assert judged(config("v6e-4x4", **{how: True})).enough


def test_the_entry_that_fits_most_closely_counts(google, judged):
  google.limits["", "GPUS_ALL_REGIONS"] = 99.0
  google.allow(GPU_FAMILY, 0)
  google.allow(GPU_FAMILY, 8, gpu_family="NVIDIA_H100")
  google.allow(GPU_FAMILY, 64, region="europe-west4", gpu_family="NVIDIA_H100")
  assert judged(config("h100x8")).enough == ("h100x8",)
  google.allow(GPU_FAMILY, 4, region=REGION, gpu_family="NVIDIA_H100")
  assert judged(config("h100x8")).short


def test_no_limit_is_enough(google, judged):
  google.allow(TPU_FAMILY, -1, region=REGION, tpu_family="CT6E")
  assert judged(config("v6e-4x4")).enough


@pytest.mark.parametrize("name", ["v6e-8", "v5p-2x2x1", "v4-2x2x1", "b200x8"])
def test_what_google_does_not_tell_is_not_known(google, judged, name):
  google.allow(TPU_FAMILY, None, region=REGION, tpu_family="CT6E")
  found = judged(config(name))
  assert (found.short, found.enough) == ((), ())
  assert found.unknown == (config(name).pools[0].name,)


@pytest.mark.parametrize(
  "fault",
  [
    Fault(status=403, times=9),
    Fault(status=200, body=b"<html>", times=9),
    Fault(status=200, body=b"[]", times=9),
    Fault(cut=-1, times=9),
  ],
)
def test_an_api_that_does_not_answer_tells_nothing(google, judged, fault):
  google.limits[REGION, "TPU_LITE_PODSLICE_V5"] = 0.0
  google.server.faults.inject(fault)
  assert judged(config("v5e-4x4")).unknown == ("v5e-4x4",)


def test_each_list_is_asked_for_once(google, judged):
  judged(config("l4", "t4", "a100"))
  paths = [each.path for each in google.server.requests]
  assert len(paths) == len(set(paths)) == 2


def test_machines_of_a_reservation_have_their_quota(google, judged):
  found = judged(config("v6e-8", reservation="ours"))
  assert found == quota_needs.Judged(short=(), unknown=(), enough=())
  assert google.server.requests == []


@hypothesis.given(
  st.lists(
    st.sampled_from(["v6e-8", "v5e-4x4", "l4", "h100x8", "v4-2x2x1", "t4x2"]),
    max_size=4,
    unique=True,
  ),
  st.dictionaries(st.text(max_size=3), st.integers(0, 99), max_size=3),
  st.none() | st.integers(0, 99),
)
def test_every_pool_is_short_enough_or_unknown(names, known, other):
  asked = quota_needs.needs(config(*names))
  found = quota_needs.judged(asked, lambda quota: known.get(quota.name, other))
  told = len(found.short) + len(found.unknown) + len(found.enough)
  assert told == len(names)


def test_a_pool_without_accelerators_needs_none(judged):
  assert quota_needs.needs(evolve(config(), pools=())) == ()
  assert quota_needs.needs(config("cpu")) == ()
