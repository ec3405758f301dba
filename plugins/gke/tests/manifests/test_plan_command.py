"""``keras-remote plan --manifests``, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import kubernetes_validate
import pytest

TRAIN = """
import keras_remote

@keras_remote.run(accelerator="v6e-8:spot", retries=2, secrets=["HF_TOKEN"])
def train(epochs):
  return epochs
"""
OFFLINE = """
import sys

def refuse(event, arguments):
  if event in ("socket.connect", "socket.getaddrinfo"):
    raise RuntimeError(f"{event} while nothing may be asked of the world")

sys.addaudithook(refuse)

from keras_remote_core.cli.main import root

root(sys.argv[1:], standalone_mode=False)
loaded = {name.partition(".")[0] for name in sys.modules}
assert loaded.isdisjoint({"google", "kubernetes"}), loaded
"""


@pytest.fixture
def planned(tmp_path):
  """What the command prints without network, credentials and cluster."""
  (tmp_path / "requirements.txt").touch()
  (tmp_path / "train.py").write_text(TRAIN)
  environ = {
    "PATH": os.environ["PATH"],
    "HOME": str(tmp_path),
    "KERAS_REMOTE_HOME": str(tmp_path / "home"),
    "KERAS_REMOTE_PROJECT": "mine",
    "HF_TOKEN": "hush",
  }
  command = ["plan", "train.py:train", "--manifests"]

  def run(**more):
    done = subprocess.run(
      [sys.executable, "-c", OFFLINE, *command],
      cwd=tmp_path,
      env={**environ, **more},
      capture_output=True,
      text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

  return run


def test_manifests_take_no_cluster_no_credentials_and_no_cloud_library(planned):
  config_map, secret, job = json.loads(planned())
  for each in (config_map, secret, job):
    kubernetes_validate.validate(
      each, kubernetes_validate.latest_version(), strict=True
    )
  assert secret["stringData"]["HF_TOKEN"] == "REDACTED"
  pod = job["spec"]["template"]["spec"]
  assert pod["nodeSelector"]["cloud.google.com/gke-tpu-topology"] == "2x4"
  assert job["spec"]["backoffLimit"] == 2


def test_a_plan_shows_no_secret(planned):
  assert "hush" not in planned()


def test_settings_come_from_the_environment_as_well(planned):
  more = {
    "KERAS_REMOTE_GKE_LABELS": "team=a,cost=b",
    "KERAS_REMOTE_GKE_NODE_POOL": "pool-7",
    "KERAS_REMOTE_GKE_NAMESPACE": "research",
  }
  *_, job = json.loads(planned(**more))
  assert job["metadata"]["namespace"] == "research"
  assert {"team": "a", "cost": "b"}.items() <= job["metadata"]["labels"].items()
