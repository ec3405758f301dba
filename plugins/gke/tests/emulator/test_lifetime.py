from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

from keras_remote_gke.testing import Cluster

WAIT = "import time; print('here'); time.sleep(300)"
PRINT_PID = (
  "import os, subprocess, time;"
  " other = subprocess.Popen(['sleep', '300'], start_new_session=True);"
  " print(os.getpid(), other.pid); time.sleep(300)"
)
SERVE = """
import sys, time
from pathlib import Path
from keras_remote_gke.testing import Cluster
from keras_remote_gke.testing.control.resources import PODS
with Cluster(Path(sys.argv[1]), images={"image": sys.executable}) as cluster:
  container = {"name": "main", "image": "image"}
  container["command"] = ["python3", "-uc", sys.argv[2]]
  about = {"name": "pod", "namespace": "default"}
  body = {"metadata": about, "spec": {"containers": [container]}}
  cluster.create("pods", body)
  logs = list(Path(sys.argv[1]).glob("pods/*/containers/main/log/0.log"))
  while not (logs and logs[0].read_text()):
    time.sleep(0.01)
    logs = list(Path(sys.argv[1]).glob("pods/*/containers/main/log/0.log"))
  print(logs[0].read_text().split(" F ")[1], flush=True)
  sys.stdin.read()
"""


def alive(pid):
  try:
    with open(f"/proc/{pid}/stat") as file:
      return file.read().rpartition(")")[2].split()[0] != "Z"
  except FileNotFoundError:
    return False


def test_nothing_is_left_of_a_cluster(tmp_path):
  before = threading.active_count()
  with Cluster(tmp_path, images={"image": sys.executable}) as cluster:
    container = {"name": "main", "image": "image"}
    container["command"] = ["python3", "-uc", WAIT]
    body = {"metadata": {"name": "pod", "namespace": "default"}}
    cluster.create("pods", {**body, "spec": {"containers": [container]}})
    while cluster.object("pods", "pod")["status"]["phase"] != "Running":
      cluster.state.wait(cluster.state.version, 10)
  assert threading.active_count() == before


def test_a_cluster_that_is_killed_takes_its_processes_along(tmp_path):
  command = [sys.executable, "-c", SERVE, str(tmp_path), PRINT_PID]
  pipe = subprocess.PIPE
  with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
    assert server.stdout
    pids = [int(each) for each in server.stdout.readline().split()]
    assert all(map(alive, pids))
    server.send_signal(signal.SIGKILL)
    server.wait()
  while any(map(alive, pids)):
    os.sched_yield()


def test_two_clusters_know_nothing_of_each_other(tmp_path):
  with Cluster(tmp_path / "a") as one, Cluster(tmp_path / "b") as other:
    body = {"metadata": {"name": "only-here", "namespace": "default"}}
    one.create("configmaps", body)
    names = [e["metadata"]["name"] for e in other.objects("configmaps")]
    assert "only-here" not in names
    assert one.api.port != other.api.port
