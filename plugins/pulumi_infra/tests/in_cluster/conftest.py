"""An emulated cluster, an emulated GitHub, and a controller to install."""

from __future__ import annotations

import pytest
from kubernetes import client

from keras_remote_gke.api import Api
from keras_remote_gke.testing import Cluster, Node
from keras_remote_pulumi_infra import in_cluster
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.inside.releases import RELEASES
from keras_remote_pulumi_infra.inside.waits import Patience
from keras_remote_pulumi_infra.testing import controller
from keras_remote_pulumi_infra.testing.github import GitHub

LWS = RELEASES["lws"]
SOON = Patience(seconds=20, pause=0.02)


@pytest.fixture
def home(tmp_path, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "home"))
  return tmp_path / "home"


@pytest.fixture
def github(home, serve):
  made = serve(GitHub())
  made.publish(
    LWS.repository,
    LWS.version,
    controller.text(controller.controller(LWS.version)),
  )
  return made


@pytest.fixture
def nodes():
  return [Node()]


@pytest.fixture
def cluster(tmp_path, nodes):
  with Cluster(tmp_path / "cluster", nodes, authenticated=False) as made:
    yield made


@pytest.fixture
def api(cluster, tmp_path):
  settings = type.__call__(client.Configuration)
  settings.host = cluster.api.url
  certificate = tmp_path / "ca.pem"
  certificate.write_bytes(cluster.certificate)
  settings.ssl_ca_cert = str(certificate)
  made = client.ApiClient(settings)
  yield Api(made)
  made.rest_client.pool_manager.clear()


@pytest.fixture
def config():
  return InfraConfig(
    project="my-project",
    location="us-central1-a",
    node_zone="us-central1-a",
    cluster="training",
    namespace="research",
  )


@pytest.fixture
def apply(api, github):
  """Makes what a config wants, and returns what was reported."""

  def make(config, manifests=None, patience=SOON):
    told = []
    asked = in_cluster.wanted(config, manifests)
    in_cluster.apply(asked, api, told.append, patience)
    return told

  return make


@pytest.fixture
def plan(api, github):
  def look(config, manifests=None):
    return in_cluster.plan(in_cluster.wanted(config, manifests), api)

  return look
