"""``keras-remote doctor`` finds what is wrong with what was made."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from keras_remote_core import registry
from keras_remote_core.cli.main import root
from keras_remote_pulumi_infra.here import here
from keras_remote_pulumi_infra.testing.quotas import Quotas

MINE = "infra-"
ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/keras-remote"


@pytest.fixture
def quotas(serve):
  return serve(Quotas())


@pytest.fixture
def doctor(quotas, monkeypatch):
  """What each check of this plugin found, by name."""
  # Builds are asked of Google itself, which is not here.
  monkeypatch.setenv(registry.DISABLED, "cloudbuild")
  registry.installed.cache_clear()

  def run():
    done = CliRunner().invoke(root, ["doctor", "--json", "--limit", "60"])
    return {
      each["check"].removeprefix(MINE): each
      for each in json.loads(done.stdout)
      if each["check"].startswith(MINE)
    }

  return run


def failed(found):
  return {name for name, each in found.items() if not each["ok"]}


def test_without_a_project_nothing_is_looked_at(doctor, monkeypatch):
  found = doctor()
  assert found.keys() == {"pulumi", "state", "drift", "quota", "apis"}
  assert failed(found) == set()
  assert {each["message"] for each in found.values()} == {
    "not looked at: no project is set"
  }


def test_before_anything_is_made_there_is_nothing_to_look_at(cloud, doctor):
  found = doctor()
  assert failed(found) == set()
  assert found["pulumi"]["message"].startswith("Pulumi ")
  assert found["drift"]["message"] == (
    "not looked at: nothing was made for cluster emulated"
  )
  assert cloud.pulumi.stacks(cloud.state) == []


def test_what_was_made_and_is_as_it_was_is_well(made, doctor):
  found = doctor()
  assert failed(found) == set()
  assert found["state"]["message"] == made.state
  assert found["quota"]["message"] == "there are no pools of accelerators"
  assert "are enabled" in found["apis"]["message"]


def test_what_differs_is_named_inside_the_cluster_too(made, doctor):
  made.pulumi.drift("bucket", "delete")
  here({}).connection().api.delete(ACCOUNT, {})
  found = doctor()
  assert failed(found) == {"drift"}
  assert "bucket" in found["drift"]["message"]
  assert "service account keras-remote" in found["drift"]["message"]
  assert "keras-remote up" in found["drift"]["remedy"]


def test_a_quota_that_keeps_a_pool_empty_is_named(made, cli, doctor, quotas):
  cli("pool", "add", "--accelerator", "v5e-4x4", "--yes")
  quotas.limits["us-central1", "TPU_LITE_PODSLICE_V5"] = 4.0
  found = doctor()
  assert failed(found) == {"quota"}
  assert found["quota"]["message"] == (
    "in us-central1, pool v5e-4x4 takes 16, and TPU_LITE_PODSLICE_V5 is 4"
  )
  remedy = found["quota"]["remedy"]
  assert remedy.endswith("iam-admin/quotas?project=emulated-project")
  quotas.limits["us-central1", "TPU_LITE_PODSLICE_V5"] = 16.0
  assert doctor()["quota"]["message"] == "enough for v5e-4x4"


def test_a_missing_pulumi_is_one_failure_and_not_five(
  made, doctor, monkeypatch, tmp_path
):
  monkeypatch.setenv("PATH", str(tmp_path))
  found = doctor()
  assert failed(found) == {"pulumi"}
  assert "keras-remote up --install-pulumi" in found["pulumi"]["remedy"]
  assert "not looked at" in found["state"]["message"]
