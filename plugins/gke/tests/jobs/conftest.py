"""Jobs through the public entry points, on an emulated cluster."""

from __future__ import annotations

import os
import sys

import pytest

import keras_remote
from keras_remote_core import registry
from keras_remote_core.testing import detached
from keras_remote_gke.testing import Cluster, Node

NODES = (
  Node(),
  Node.gpu("nvidia-l4"),
  Node.gpu("nvidia-l4", spot=True),
  Node.tpu("tpu-v6e-slice", "2x4", 8),
)


@pytest.fixture(scope="session")
def image_folder(tmp_path_factory):
  """Interpreters that stand in for images, made once."""
  return tmp_path_factory.mktemp("images")


@pytest.fixture(scope="session")
def shared(tmp_path_factory, image_folder):
  """One cluster for all tests that leave it as it was."""
  folder = tmp_path_factory.mktemp("cluster")
  with Cluster(
    folder,
    NODES,
    image_folder=image_folder,
    namespaces=("research",),
    scale=0.01,
  ) as made:
    yield made


@pytest.fixture
def project(tmp_path, monkeypatch):
  """An empty project folder, the working directory, and no image builder."""
  monkeypatch.setenv(registry.DISABLED, "cloudbuild")
  registry.installed.cache_clear()
  folder = tmp_path / "project"
  folder.mkdir()
  (folder / "pyproject.toml").touch()
  monkeypatch.chdir(folder)
  yield folder
  registry.installed.cache_clear()


@pytest.fixture
def cluster(shared, project, monkeypatch):
  """The shared cluster as the one that is configured, with nothing wrong."""
  configure(monkeypatch, shared)
  yield shared
  shared.api.faults.clear()
  shared.storage.server.faults.clear()
  shared.container_api.faults.clear()
  shared.allow()


@pytest.fixture
def images():
  """The images of a test's own cluster, by name; there may come others."""
  return {"its/own:1": sys.executable}


@pytest.fixture
def own_cluster(tmp_path, image_folder, images, project, monkeypatch):
  """A cluster that a test may ruin."""
  with Cluster(
    tmp_path / "cluster", NODES, images, image_folder=image_folder, scale=0.01
  ) as made:
    configure(monkeypatch, made)
    yield made


def configure(monkeypatch, cluster):
  for name, value in cluster.environ.items():
    monkeypatch.setenv(name, value)


@pytest.fixture
def remote():
  """Decorates a function as if it was typed at a prompt."""

  def decorate(function, **parameters):
    asked = {"backend": "gke", **parameters}
    return keras_remote.run(**asked)(detached(function))

  return decorate


@pytest.fixture
def pod_of(until):
  """The newest pod of a job, once its function prints."""

  def find(cluster, job, lines=1):
    until(lambda: len(list(job.logs())) >= lines)
    return newest(cluster, job)

  return find


def pods(cluster, job):
  return [
    each
    for each in cluster.objects("pods")
    if each["metadata"]["labels"].get("keras-remote/job-id") == job.id
  ]


def newest(cluster, job):
  return max(
    pods(cluster, job),
    key=lambda each: int(each["metadata"]["resourceVersion"]),
  )


def left(cluster, job):
  """What the cluster still holds of a job."""
  return [
    (plural, each["metadata"]["name"])
    for plural in ("jobs", "pods", "secrets")
    for each in cluster.objects(plural)
    if each["metadata"].get("labels", {}).get("keras-remote/job-id") == job.id
  ]


def asleep(seconds):
  import time

  print("asleep")  # noqa: T201
  time.sleep(seconds)
  return "awake"


def twice(number):
  return 2 * number


def environment(name):
  return os.environ.get(name)
