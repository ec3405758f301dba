"""``keras-remote plan --manifests``, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from keras_remote_gke.testing.crds import strict

TRAIN = """
import keras_remote

@keras_remote.run(accelerator="v6e-4x4", slices=2, secrets=["HF_TOKEN"])
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
assert "kubernetes" not in loaded, loaded
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
    return subprocess.run(
      [sys.executable, "-c", OFFLINE, *command],
      cwd=tmp_path,
      env={**environ, **more},
      capture_output=True,
      text=True,
      check=True,
    ).stdout

  return run


@pytest.mark.parametrize(
  ("layout", "kind"), [("lws", "LeaderWorkerSet"), ("jobset", "JobSet")]
)
def test_manifests_take_no_cluster_and_no_credentials(planned, layout, kind):
  printed = planned(KERAS_REMOTE_PATHWAYS_LAYOUT=layout)
  *_, main = json.loads(printed)
  assert main["kind"] == kind
  assert strict.errors(f"{kind.lower()}s", main) == []
  assert "hush" not in printed


def test_a_set_is_printed_where_no_layout_is_named(planned):
  kinds = [each["kind"] for each in json.loads(planned())]
  assert kinds[-3:] == ["Role", "RoleBinding", "LeaderWorkerSet"]
