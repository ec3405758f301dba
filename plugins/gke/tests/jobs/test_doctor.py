"""``keras-remote doctor`` finds what a job on the cluster would stumble over."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from keras_remote_core.cli.main import root

MINE = ("google-", "gke-")


@pytest.fixture
def doctor():
  """What each check of these plugins found, by name."""

  def run():
    done = CliRunner().invoke(root, ["doctor", "--json"])
    return {
      each["check"]: each
      for each in json.loads(done.stdout)
      if each["check"].startswith(MINE)
    }

  return run


def failed(found):
  return {name for name, each in found.items() if not each["ok"]}


def test_a_cluster_that_is_well_has_nothing_to_mend(cluster, doctor):
  found = doctor()
  assert {"gke-cluster", "gke-permissions", "gke-pools", "gke-account"} <= {
    *found
  }
  assert failed(found) == set()
  assert "Kubernetes v1.36" in found["gke-cluster"]["message"]


def test_without_a_project_nothing_of_the_cloud_is_looked_at(project, doctor):
  found = doctor()
  assert failed(found) == set()
  assert "not looked at" in found["gke-cluster"]["message"]


def test_a_cluster_that_is_not_there_is_named(cluster, doctor, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_CLUSTER", "mistyped")
  found = doctor()
  assert "gke-cluster" in failed(found)
  assert "mistyped" in found["gke-cluster"]["message"]
  assert "KERAS_REMOTE_CLUSTER" in found["gke-cluster"]["remedy"]


def test_a_permission_that_is_missing_is_named(cluster, doctor):
  cluster.deny("get", "pods/log")
  cluster.deny("create", "secrets")
  found = doctor()
  assert failed(found) == {"gke-permissions"}
  message = found["gke-permissions"]["message"]
  assert "may not get pods/log, create secrets in namespace default" in message


def test_an_accelerator_without_a_pool_is_told_from_one_with(
  cluster, doctor, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_ACCELERATOR", "l4:spot")
  assert failed(doctor()) == set()
  monkeypatch.setenv("KERAS_REMOTE_ACCELERATOR", "a100")
  found = doctor()
  assert failed(found) == {"gke-pools"}
  assert "pool add --accelerator a100" in found["gke-pools"]["remedy"]


def test_a_service_account_that_is_missing_is_named(
  cluster, doctor, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_GKE_SERVICE_ACCOUNT", "trainer")
  found = doctor()
  assert failed(found) == {"gke-account"}
  remedy = found["gke-account"]["remedy"]
  assert remedy == "kubectl create serviceaccount trainer --namespace default"
