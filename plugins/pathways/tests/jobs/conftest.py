"""Jobs on an emulated cluster with two TPU slices of four machines."""

from __future__ import annotations

import pytest
from attrs import evolve

from keras_remote_core import testing
from keras_remote_gke.testing import Cluster, Node

HOST = Node.tpu("tpu-v6e-slice", "4x4", 4, machine="ct6e-standard-4t", hosts=4)
# A slice of 16 chips is a pool of four machines.
NODES = [Node(), *(evolve(HOST, pool=pool) for pool in ("a", "b") * 4)]


@pytest.fixture(scope="session")
def image_folder(tmp_path_factory):
  """Interpreters that stand in for images, made once."""
  return tmp_path_factory.mktemp("images")


@pytest.fixture(scope="session")
def start(tmp_path_factory, image_folder):
  """Starts a cluster with what is asked for."""

  def started(nodes=NODES, **parameters):
    folder = tmp_path_factory.mktemp("cluster")
    return Cluster(
      folder, nodes, image_folder=image_folder, scale=0.01, **parameters
    )

  return started


@pytest.fixture(scope="session")
def shared(start):
  """One cluster for all tests that leave it as it was."""
  with start(lws="0.10.0", jobset=True) as made:
    yield made


@pytest.fixture
def project(tmp_path, monkeypatch):
  """An empty project folder, the working directory."""
  folder = tmp_path / "project"
  folder.mkdir()
  (folder / "pyproject.toml").touch()
  monkeypatch.chdir(folder)
  return folder


@pytest.fixture
def cluster(shared, project, monkeypatch):
  """The shared cluster as the one that is configured, with nothing wrong."""
  configure(monkeypatch, shared)
  yield shared
  shared.api.faults.clear()
  shared.storage.server.faults.clear()
  shared.allow()


def configure(monkeypatch, cluster):
  for name, value in cluster.environ.items():
    monkeypatch.setenv(name, value)


@pytest.fixture
def plan_of(cluster):
  """Plans whose jobs do without JAX, of which stand-ins have no use."""

  def made(**parameters):
    asked = {
      "accelerator": "v6e-4x4",
      "container_image": "prebuilt",
      "image_tag": "jax-0.10.0",
      **parameters,
    }
    plan = testing.plan(backend="pathways", **asked)
    return evolve(plan, prelude=(), backend_requirements=())

  return made
