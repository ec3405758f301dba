"""How a cluster is reached, without touching anything of the user's."""

from __future__ import annotations

import base64
import json

import pytest

import keras_remote
from keras_remote_core.errors import InvalidSetting
from keras_remote_gcp.testing.faults import Fault
from keras_remote_gke import api
from keras_remote_gke import cluster as connecting
from keras_remote_gke.errors import ClusterUnreachable, NoCluster


def twice(number):
  return 2 * number


@pytest.fixture
def kubeconfig(cluster, tmp_path):
  """A kubeconfig file with a context for the cluster, which is not current."""

  def write(token):
    certificate = base64.b64encode(cluster.certificate).decode()
    server = {
      "server": cluster.api.url,
      "certificate-authority-data": certificate,
    }
    document = {
      "apiVersion": "v1",
      "kind": "Config",
      "current-context": "elsewhere",
      "clusters": [{"name": "c", "cluster": server}],
      "users": [{"name": "u", "user": {"token": token}}],
      "contexts": [
        {"name": "here", "context": {"cluster": "c", "user": "u"}},
        {"name": "elsewhere", "context": {"cluster": "none", "user": "u"}},
      ],
    }
    path = tmp_path / "config"
    path.write_text(json.dumps(document))
    return path

  return write


@pytest.fixture
def token(cluster):
  """What an account of the emulated project bears."""
  import google.auth
  from google.auth.transport.requests import Request

  credentials, _ = google.auth.default()
  credentials.refresh(Request())
  return credentials.token


def test_a_kubeconfig_reaches_a_cluster_that_no_project_names(
  cluster, remote, kubeconfig, token, monkeypatch
):
  path = kubeconfig(token)
  before = path.read_bytes()
  monkeypatch.setenv("KERAS_REMOTE_GKE_KUBECONFIG", str(path))
  monkeypatch.setenv("KERAS_REMOTE_GKE_CONTEXT", "here")
  asked = len(cluster.container_api.requests)
  job = remote(twice).submit(4)
  assert job.result(60) == 8
  assert len(cluster.container_api.requests) == asked
  assert path.read_bytes() == before


def test_a_context_that_is_not_there_is_named(
  cluster, remote, kubeconfig, token, monkeypatch
):
  monkeypatch.setenv("KERAS_REMOTE_GKE_KUBECONFIG", str(kubeconfig(token)))
  monkeypatch.setenv("KERAS_REMOTE_GKE_CONTEXT", "absent")
  with pytest.raises(InvalidSetting, match="absent") as caught:
    remote(twice).submit(1)
  assert "KERAS_REMOTE_GKE_CONTEXT" in caught.value.remedy


def test_the_default_client_of_the_process_is_left_alone(cluster, remote):
  from kubernetes.client import Configuration

  before = Configuration.get_default_copy().host
  assert remote(twice)(1) == 2
  assert Configuration.get_default_copy().host == before


def test_a_project_without_such_a_cluster_tells_which_it_has(cluster, remote):
  with pytest.raises(NoCluster, match="it has emulated in us-central1-a"):
    remote(twice, zone="europe-west4-b").submit(1)


def test_a_project_of_somebody_else_is_refused_with_the_role_it_takes(
  cluster, remote
):
  with pytest.raises(NoCluster, match="somebody-elses") as caught:
    remote(twice, project="somebody-elses").submit(1)
  assert "roles/container.clusterViewer" in caught.value.remedy


@pytest.mark.parametrize(
  "fault", [Fault(status=503, times=2), Fault(cut=-1, times=2)]
)
def test_googles_own_api_is_asked_again_where_it_is_unwell(
  cluster, remote, fault
):
  cluster.container_api.faults.inject(fault)
  assert remote(twice)(2) == 4


def test_an_api_that_stays_unwell_is_not_taken_for_a_missing_cluster(
  cluster, remote, monkeypatch
):
  monkeypatch.setattr(api, "_LONGEST_PAUSE", 0.1)
  cluster.container_api.faults.inject(Fault(status=503, times=99))
  with pytest.raises(ClusterUnreachable, match="Container API"):
    remote(twice).submit(1)


def description(**endpoints):
  return {
    "id": "1",
    "endpoint": "34.1.2.3",
    "masterAuth": {"clusterCaCertificate": base64.b64encode(b"pem").decode()},
    "controlPlaneEndpointsConfig": endpoints,
  }


def test_the_dns_endpoint_is_preferred_where_it_is_open(tmp_path):
  dns = {"endpoint": "gke-1.us.gke.goog", "allowExternalTraffic": True}
  found = description(dnsEndpointConfig=dns)
  made = connecting.described(found, tmp_path)
  assert made.host == "https://gke-1.us.gke.goog"
  assert made.ssl_ca_cert is None


@pytest.mark.parametrize("dns", [{}, {"endpoint": "gke-1.us.gke.goog"}])
def test_else_its_address_with_its_own_authority(tmp_path, dns):
  made = connecting.described(description(dnsEndpointConfig=dns), tmp_path)
  assert made.host == "https://34.1.2.3"
  with open(made.ssl_ca_cert, "rb") as file:
    assert file.read() == b"pem"


def test_an_attached_job_is_looked_for_where_the_caller_says(cluster, remote):
  job = remote(twice).submit(1)
  job.result(60)
  place = {name: job.handle.settings[name] for name in ("project", "cluster")}
  assert place == {"project": cluster.project, "cluster": cluster.name}
  assert keras_remote.attach(job.id).handle.settings == job.handle.settings
