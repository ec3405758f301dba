"""``@run`` on an emulated cluster, its images built by an emulated Cloud Build.

What is built really installs what its files say, by uv, into an environment
that stands in for the image.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import uv
from attrs import frozen

import keras_remote
from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_cloudbuild.testing import Images
from keras_remote_core.testing import detached
from keras_remote_gke.testing import Cluster


class Environments:
  """Environments by the reference of the image that they stand in for."""

  def __init__(self, folder):
    self._folder, self._made = folder, {}

  def add(self, built):
    folder = self._folder / str(len(self._made))
    tool = os.fsdecode(uv.find_uv_bin())
    subprocess.run(
      [tool, "venv", "--quiet", f"--python={sys.executable}", folder],
      check=True,
    )
    for name in set(built.files) - {"Dockerfile"}:
      (folder / name).write_bytes(built.files[name])
      subprocess.run(
        [
          *(tool, "pip", "install", "--quiet", "--no-deps"),
          *(f"--python={folder / 'bin' / 'python3'}", "-r", folder / name),
        ],
        check=True,
      )
    self._made[built.reference] = folder / "bin" / "python3"

  def __call__(self, reference):
    return self._made.get(reference)


@frozen(kw_only=True)
class Cloud:
  images: Images
  cluster: Cluster


@pytest.fixture
def cloud(tmp_path, index, monkeypatch):
  """Everything that jobs need of Google."""
  del index
  environments = Environments(tmp_path)
  folder = tmp_path / "project"
  folder.mkdir()
  monkeypatch.chdir(folder)
  monkeypatch.setattr(CloudBuild, "poll_interval", 0.05)
  with (
    Cluster(tmp_path / "cluster", images=environments, scale=0.01) as cluster,
    Images(cluster.storage, on_built=environments.add) as images,
  ):
    for name, value in {**cluster.environ, **images.environ}.items():
      monkeypatch.setenv(name, value)
    yield Cloud(images=images, cluster=cluster)


def seen():
  import importlib.metadata as installed

  import keras

  names = {each.metadata["Name"] for each in installed.distributions()}
  return keras.__version__, sorted(names)


def test_the_first_call_builds_the_second_finds_and_a_changed_pin_says_why(
  cloud, tmp_path, capsys
):
  wanted = tmp_path / "project" / "requirements.txt"
  function = keras_remote.run(backend="gke")(detached(seen))
  builds = cloud.images.builds
  wanted.write_text("keras==3.14.0\n")
  assert function() == ("3.14.0", ["jax", "keras"])
  assert len(builds.builds) == 1
  assert "building: " in capsys.readouterr().err

  wanted.write_text("# the same\nKeras == 3.14.0\n")
  assert function()[0] == "3.14.0"
  assert len(builds.builds) == 1
  assert "building: " not in capsys.readouterr().err

  wanted.write_text("keras==3.15.0\n")
  assert function()[0] == "3.15.0"
  assert len(builds.builds) == 2
  told = capsys.readouterr().err
  assert "image: requirements: keras==3.14.0 → keras==3.15.0" in told
  assert "image: packages: keras 3.14.0 → 3.15.0" in told


def test_a_pod_runs_the_built_image_by_digest(cloud):
  decorate = keras_remote.run(backend="gke", requirements=["keras"])
  decorate(detached(seen))()
  (digest,) = cloud.images.registry.tags.values()
  (pod,) = cloud.cluster.objects("pods")
  (container,) = pod["spec"]["containers"]
  assert container["image"].endswith(f"/keras-remote/jobs/cpu@{digest}")


def test_an_image_that_the_user_names_is_not_built(cloud):
  decorate = keras_remote.run(backend="gke", container_image="prebuilt")
  assert decorate(detached(lambda: 7))() == 7
  assert cloud.images.calls == []
