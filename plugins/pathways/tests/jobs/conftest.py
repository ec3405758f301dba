"""Jobs on an emulated cluster with two TPU slices of four machines."""

from __future__ import annotations

import pytest
from attrs import evolve

from keras_remote_core import testing
from keras_remote_core.testing.site import Site
from keras_remote_gke import names, pods
from keras_remote_gke.testing import Cluster, Node
from keras_remote_pathways import parts

KINDS = (
  "leaderworkersets",
  "jobsets",
  "jobs",
  "pods",
  "secrets",
  "roles",
  "rolebindings",
)

HOST = Node.tpu("tpu-v6e-slice", "4x4", 4, machine="ct6e-standard-4t", hosts=4)
# A slice of 16 chips is a pool of four machines.
NODES = [Node(), *(evolve(HOST, pool=pool) for pool in ("a", "b") * 4)]
MORE = [evolve(HOST, pool=pool) for pool in "cdefgh" for _ in range(4)]


@pytest.fixture(scope="session")
def both_slices():
  """The machines of every cluster here."""
  return NODES


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
  """One cluster for all tests that leave it as it was.

  It has slices for all the jobs that a test leaves behind, parked.
  """
  with start([*NODES, *MORE], lws="0.10.0", jobset=True) as made:
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
  for name, value in shared.environ.items():
    monkeypatch.setenv(name, value)
  yield shared
  shared.api.faults.clear()
  shared.storage.server.faults.clear()
  shared.allow()


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


@pytest.fixture
def submit(plan_of, tmp_path):
  """Starts a job; settings are those of ``@run``."""

  def submitted(function, *args, **parameters):
    plan = plan_of(**parameters)
    return Site.of(plan, tmp_path).submit(function, *args)

  return submitted


@pytest.fixture
def part(cluster, until):
  """A part of a job, once its main container runs: ``head`` or ``w0``."""

  def find(job, name):
    def running():
      found = [
        each
        for each in objects(cluster, job, "pods")
        if parts.tag(each) == name and pods.state(each, "running")
      ]
      return found[-1] if found else None

    return until(running)

  return find


@pytest.fixture
def left(cluster, until):
  """Waits until the cluster holds nothing of a job."""

  def gone(job):
    until(lambda: not [n for n in KINDS if objects(cluster, job, n)])

  return gone


def objects(cluster, job, plural):
  if plural not in {each.plural for each in cluster.resources}:
    return []
  return [
    each
    for each in cluster.objects(plural)
    if each["metadata"].get("labels", {}).get(names.JOB) == job.id
  ]


class Tally:
  """How often a function has run, counted in a file."""

  def __init__(self, path):
    self.path = path
    path.touch()

  @property
  def count(self):
    return len(self.path.read_text().splitlines())


@pytest.fixture
def tally(tmp_path):
  return Tally(tmp_path / "tally")
