from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from keras_remote_gke import dev_cluster

MAIN = "from keras_remote_gke.dev_cluster import cluster; cluster()"


def started(tmp_path, *arguments):
  return subprocess.Popen(
    [sys.executable, "-c", MAIN, *arguments],
    env={**os.environ, "TMPDIR": str(tmp_path)},
    stdout=subprocess.PIPE,
    stderr=subprocess.PIPE,
    text=True,
  )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_cluster_runs_until_it_is_told_to_end(tmp_path, how):
  exports = tmp_path / "env"
  with started(
    tmp_path, "--accelerators", "cpu,l4", "--env-file", str(exports)
  ) as server:
    assert server.stderr
    assert server.stderr.readline() == "The cluster is up; Ctrl-C stops it.\n"
    told = exports.read_text()
    assert "export KERAS_REMOTE_CLUSTER=emulated\n" in told
    server.send_signal(how)
    output, errors = server.communicate()
  assert output == told
  assert errors == "The cluster is gone.\n"
  assert server.returncode == 0
  assert [each.name for each in tmp_path.iterdir()] == []


def test_there_are_nodes_for_every_usual_accelerator():
  nodes = dev_cluster._nodes(None)
  accelerators = {
    value
    for node in nodes
    for key, value in node.labels.items()
    if key.endswith("accelerator")
  }
  assert {"nvidia-l4", "tpu-v6e-slice", "tpu7x"} <= accelerators
  assert any(each.hosts == 4 for each in nodes)


def test_there_are_nodes_for_what_is_asked_for():
  pools = {each.pool for each in dev_cluster._nodes("v6e-16")}
  assert pools == {
    "default-pool",
    "tpu-v6e-slice-4x4-4t",
    "tpu-v6e-slice-4x4-4t-spot",
  }
