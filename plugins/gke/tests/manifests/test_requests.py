"""Which requests the backend takes, and what it says to the others."""

from __future__ import annotations

import pytest

from keras_remote_core.accelerators import GpuFamily
from keras_remote_core.errors import (
  InvalidSetting,
  NoBackend,
  UnsupportedByBackend,
  UsageError,
)
from keras_remote_core.model import Accelerator, Resources
from keras_remote_core.providers import Fit, FitRequest
from keras_remote_core.settings import CoreSettings
from keras_remote_gke import fitting
from keras_remote_gke.settings import GkeSettings

THEIRS = GpuFamily(name="m1000", title="Their GPU", counts=(1,))


def request(accelerator: Accelerator, project=None, **settings) -> FitRequest:
  return FitRequest(
    resources=Resources(accelerator=accelerator),
    settings=GkeSettings(**settings),
    core=CoreSettings(project=project),
  )


@pytest.mark.parametrize("accelerator", ["cpu", "l4", "a100x8", "v6e-2x4"])
def test_what_one_machine_has_runs_here_once_there_is_a_project(
  make, accelerator
):
  assert make(accelerator).plan.backend.name == "gke"


def test_without_a_project_a_cpu_job_runs_on_this_machine(make):
  assert make("cpu", project=None).plan.backend.name == "local"


def test_without_a_project_an_accelerator_asks_for_one(make):
  with pytest.raises(NoBackend, match="KERAS_REMOTE_PROJECT"):
    make("l4", project=None)


def test_a_kubeconfig_names_a_cluster_as_well_as_a_project(make):
  accelerator = make("l4").plan.resources.accelerator
  found = fitting.fit(request(accelerator, kubeconfig="/home/me/.kube/config"))
  assert found is Fit.GOOD


def test_slices_of_several_machines_are_left_to_others_unless_named(make):
  with pytest.raises(NoBackend, match=r"keras-remote\[pathways\]"):
    make("v6e-4x4")
  plan = make("v6e-4x4", backend="gke").plan
  assert plan.processes == 4
  assert plan.prelude == ("keras_remote_runner.distributed:initialize",)


def test_eight_chips_on_two_machines_are_not_those_on_one(make):
  assert make("v6e-2x4").plan.processes == 1
  assert make("v6e-2x4:hosts=2", backend="gke").plan.processes == 2


def test_machines_with_gpus_run_a_function_together(make):
  plan = make("h100x8", hosts=2).plan
  assert (plan.backend.name, plan.processes) == ("gke", 2)


@pytest.mark.parametrize("accelerator", ["cpu", "v6e-4x4"])
def test_only_of_machines_with_gpus_is_the_number_asked(make, accelerator):
  with pytest.raises(UsageError, match="hosts=2") as caught:
    make(accelerator, hosts=2, backend="gke")
  assert "topology" in str(caught.value.remedy)


@pytest.mark.parametrize(
  "asked",
  [{"accelerator": "l4", "hosts": 2}, {"accelerator": "v6e-4x4"}],
)
def test_several_machines_are_not_started_again(make, asked):
  with pytest.raises(UsageError, match="retries") as caught:
    make(**asked, retries=1, backend="gke")
  assert "checkpoints" in str(caught.value.remedy)


def test_an_accelerator_that_gke_does_not_have_is_named():
  (theirs,) = THEIRS.shapes()
  assert fitting.fit(request(theirs, project="mine")) is Fit.NEVER
  with pytest.raises(UnsupportedByBackend, match="m1000"):
    fitting.shape(request(theirs))


@pytest.mark.parametrize(
  ("accelerator", "settings", "said"),
  [
    ("l4:spot", {"flex_start": True}, "spot and flex_start"),
    ("l4:spot", {"reservation": "big"}, "spot and reservation"),
    (
      "l4",
      {"flex_start": True, "reservation": "big"},
      "flex_start and reservation",
    ),
    ("v4-2x2x1", {"flex_start": True}, "v4 cannot be had by flex-start"),
    ("v3-2x2", {"flex_start": True}, "v3 cannot be had by flex-start"),
    ("l4", {"flex_start": True, "timeout": "8d"}, "seven days"),
    ("cpu:8", {"cpu": "4"}, "cpu:8 and cpu='4'"),
    ("l4", {"memory": "128Gi"}, "g2-standard-32, has 128Gi"),
    ("l4", {"cpu": 32}, "g2-standard-32, has 32"),
    ("v6e-1x1", {"memory": "1Ti"}, "ct6e-standard-1t, has 176Gi"),
    ("h100x8", {"cpu": "208"}, "a3-highgpu-8g"),
    ("l4", {"namespace": "My_Space"}, "'My_Space' is no namespace"),
  ],
)
def test_what_cannot_be_had_is_said_before_anything_is_made(
  make, accelerator, settings, said
):
  with pytest.raises(UsageError, match=said) as caught:
    make(accelerator, **settings)
  assert caught.value.remedy


@pytest.mark.parametrize(
  ("accelerator", "settings"),
  [
    ("l4", {"memory": "127Gi", "cpu": 31}),
    ("v6e-2x4", {"memory": "1400Gi"}),
    ("l4", {"memory": "200Gi", "node_pool": "eights"}),
    ("cpu:8", {"cpu": "8000m"}),
    ("cpu", {"memory": "4Ti"}),
    ("v5e-1x1", {"flex_start": True, "timeout": "7d"}),
    ("l4:spot", {"compute_class": "cheap"}),
  ],
)
def test_what_can_be_had_is_not_refused(make, accelerator, settings):
  assert make(accelerator, **settings).plan.backend.name == "gke"


def test_a_store_on_this_machine_is_out_of_a_clusters_reach(make):
  with pytest.raises(UnsupportedByBackend, match="file:///here"):
    make("l4", store="file:///here")


@pytest.mark.parametrize(
  ("name", "value", "said"),
  [
    ("cpu", "8 cores", "such as 8, 0.5 or 500m"),
    ("cpu", 0, "such as 8, 0.5 or 500m"),
    ("cpu", True, "such as 8, 0.5 or 500m"),
    ("cpu", "0.1m", "such as 8, 0.5 or 500m"),
    ("memory", "16GB", "such as 16Gi or 64G"),
    ("memory", 16, "such as 16Gi or 64G"),
    ("memory", "64m", "such as 16Gi or 64G"),
    ("disk", "-1Gi", "such as 16Gi or 64G"),
    ("retries", -1, "from 0 to 100"),
    ("queue", "team a", "at most 63 letters"),
    ("compute_class", "", "at most 63 letters"),
    ("service_account", "Trainer", "a Kubernetes name"),
    ("reservation", "theirs/big", "projects/PROJECT/reservations/NAME"),
    ("labels", {"a b": "c"}, "'a b' is no key"),
    ("labels", {"team": "a b"}, "the value of 'team'"),
    ("labels", {"keras-remote/job-id": "x"}, "set by keras-remote"),
    ("labels", {"job-name": "x"}, "set by keras-remote or Kubernetes"),
    ("labels", {"kueue.x-k8s.io/queue-name": "x"}, "set by queue="),
    ("annotations", {"-": "x"}, "'-' is no key"),
    ("annotations", {"keras-remote/handle": "{}"}, "set by keras-remote"),
  ],
)
def test_a_setting_of_the_wrong_form_says_what_is_accepted(
  make, name, value, said
):
  with pytest.raises(InvalidSetting) as caught:
    make(**{name: value})
  assert said in caught.value.message
  assert f"gke.{name}" in caught.value.message


def test_a_job_cannot_be_made_to_vanish_sooner_than_in_a_week():
  with pytest.raises(ValueError, match="between 7d"):
    GkeSettings(ttl="6d")
  assert GkeSettings(ttl="30d").ttl == 30 * 86400
