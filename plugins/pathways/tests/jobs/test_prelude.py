"""A decorated function, with what its job needs to have installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

import keras_remote
from keras_remote_core.testing import detached
from keras_remote_gke.testing import Cluster

IMAGE = "example.com/jax:1"
STAND_IN = """
import os, sys

def initialize():
  assert "keras" not in sys.modules
  os.environ["INITIALIZED"] = os.environ["JAX_BACKEND_TARGET"]
"""
METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"


@pytest.fixture(scope="module")
def image(tmp_path_factory):
  """An image that has jax and pathwaysutils, as far as pip can tell."""
  folder = tmp_path_factory.mktemp("image")
  subprocess.run([sys.executable, "-m", "venv", folder], check=True)
  (packages,) = folder.glob("lib/python*/site-packages")
  for name, version in (("jax", "0.10.0"), ("pathwaysutils", "0.1.11")):
    info = packages / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA.format(name, version))
    (info / "INSTALLER").write_text("pip")
  (packages / "pathwaysutils.py").write_text(STAND_IN)
  return folder / "bin" / "python3"


@pytest.fixture
def cluster(tmp_path, image, both_slices, project, monkeypatch):
  with Cluster(
    tmp_path / "cluster",
    both_slices,
    {IMAGE: image},
    image_folder=tmp_path / "images",
    scale=0.01,
    lws="0.10.0",
  ) as made:
    for name, value in made.environ.items():
      monkeypatch.setenv(name, value)
    yield made


def variable(name):
  import os

  return os.environ.get(name)


def test_pathways_is_initialized_before_anything_of_the_users(cluster):
  call = keras_remote.run(accelerator="v6e-4x4", container_image=IMAGE)
  assert call(detached(variable))("INITIALIZED").startswith("grpc://")
