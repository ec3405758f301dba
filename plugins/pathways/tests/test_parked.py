"""The program that keeps a head from ending, as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_remote_gcp.testing.faults import Fault
from keras_remote_gcp.testing.server import Response, Server
from keras_remote_gke.testing.authority import Authority
from keras_remote_pathways import parked

PROGRAM = str(Path(parked.__file__))
SET = "/apis/leaderworkerset.x-k8s.io/v1/namespaces/research/leaderworkersets/a"
PATIENCE = 20.0
SAYS_WHY_IT_ENDS = """
import pathlib, signal, sys, time

def stop(number, frame):
  pathlib.Path(sys.argv[1], "told").touch()
  sys.exit(143)

signal.signal(signal.SIGTERM, stop)
pathlib.Path(sys.argv[1], "ready").touch()
time.sleep(600)
"""
COUNTS = """
import os, pathlib, sys

tally = pathlib.Path(sys.argv[1], "tally")
tally.write_text(tally.read_text() + "x" if tally.exists() else "x")
code = int(sys.argv[2])
os.kill(os.getpid(), -code) if code < 0 else sys.exit(code)
"""


class Park:
  """The program with a command in a folder."""

  def __init__(self, folder):
    self.folder, self.ended = folder, folder / "ended"
    self.said = folder / "said"
    self.process = None

  def start(self, script, *arguments, options=(), env=None):
    command = [sys.executable, "-c", script, str(self.folder), *arguments]
    own = [sys.executable, PROGRAM, f"--ended={self.ended}", *options]
    with self.said.open("wb") as said:
      self.process = subprocess.Popen(
        [*own, "--", *map(str, command)], env=env, stderr=said
      )
    return self

  def until(self, name):
    deadline = time.monotonic() + PATIENCE
    while not (self.folder / name).exists():
      assert time.monotonic() < deadline, f"{name} never appeared"
      assert self.process.poll() is None, "it ended by itself"
      time.sleep(0.01)

  def until_said(self, text):
    deadline = time.monotonic() + PATIENCE
    while text not in self.said.read_text():
      assert time.monotonic() < deadline, f"{text} was never said"
      time.sleep(0.01)

  def stop(self):
    """Its exit code, and what it had to say."""
    self.process.send_signal(signal.SIGTERM)
    code = self.process.wait(PATIENCE)
    return code, self.said.read_text()

  @property
  def runs(self):
    return len((self.folder / "tally").read_text())


@pytest.fixture
def park(tmp_path):
  made = Park(tmp_path)
  yield made
  if made.process is not None:
    made.stop()


@pytest.mark.parametrize("code", [0, 42, 43, 143])
def test_it_says_by_a_file_that_the_command_had_its_last_word(park, code):
  park.start(COUNTS, code, options=["--attempts=3"])
  park.until("ended")
  assert park.stop() == (143, "")
  assert park.runs == 1


@pytest.mark.parametrize("code", [70, 1, -signal.SIGKILL])
def test_a_command_without_a_last_word_may_say_why_it_may_not_run(park, code):
  park.start(COUNTS, code, options=["--attempts=2"])
  park.until("ended")
  park.stop()
  assert park.runs == 3


def test_a_file_of_an_earlier_start_says_nothing(park):
  park.ended.touch()
  park.start(SAYS_WHY_IT_ENDS).until("ready")
  assert not park.ended.exists()


def test_a_stop_reaches_the_command(park):
  park.start(SAYS_WHY_IT_ENDS).until("ready")
  assert park.stop() == (143, "")
  assert (park.folder / "told").exists()
  assert not park.ended.exists()


def test_a_command_that_passes_the_limit_is_stopped(park):
  park.start(SAYS_WHY_IT_ENDS, options=["--limit=1"])
  park.until("ended")
  assert (park.folder / "told").exists()


@pytest.fixture
def authority():
  return Authority()


@pytest.fixture
def api(authority):
  with Server(lambda _: Response.json({}), tls=authority.server) as made:
    yield made


@pytest.fixture
def alone(park, api, authority, tmp_path):
  """Parks with access to a cluster, and nobody to remove its set."""
  access = tmp_path / "access"
  access.mkdir()
  (access / "token").write_text("secret-token")
  (access / "ca.crt").write_bytes(authority.certificate)
  options = ["--set=research/a", f"--access={access}", "--grace=0.1"]
  env = {
    "KUBERNETES_SERVICE_HOST": "127.0.0.1",
    "KUBERNETES_SERVICE_PORT": str(api.port),
    # Nothing that stands here may come between a pod and its cluster.
    "HTTPS_PROXY": "http://127.0.0.1:9",
  }

  def start():
    park.start(COUNTS, 0, options=options, env=env)
    park.until("ended")
    return park

  return start


def deleted(api, times=1):
  deadline = time.monotonic() + PATIENCE
  while len(api.requests) < times:
    assert time.monotonic() < deadline, "nothing was asked"
    time.sleep(0.01)
  return api.requests[-1]


def test_whoever_is_left_alone_deletes_the_set(alone, api):
  park = alone()
  request = deleted(api)
  assert (request.method, request.path) == ("DELETE", SET)
  assert request.headers["authorization"] == "Bearer secret-token"
  assert park.stop() == (143, "")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_cluster_that_is_busy_is_asked_again(alone, api, status):
  api.faults.inject(Fault(status=status))
  park = alone()
  deleted(api, 2)
  code, said = park.stop()
  assert code == 143
  assert str(status) in said


def test_a_cluster_that_is_away_is_waited_for(alone, api):
  with api.down():
    park = alone()
    time.sleep(0.5)
  deleted(api)
  assert "the cluster does not answer" in park.stop()[1]


def test_a_set_that_is_gone_already_is_fine(alone, api):
  api.faults.inject(Fault(status=404))
  park = alone()
  deleted(api)
  assert park.stop() == (143, "")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_told_once_and_asked_about_until_it_is_lifted(
  alone, api, status
):
  api.faults.inject(Fault(status=status, times=2))
  park = alone()
  deleted(api, 3)
  code, said = park.stop()
  assert code == 143
  assert said.count("research/a cannot be deleted") == 1
