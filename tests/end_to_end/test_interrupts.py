"""Ctrl-C while a call blocks never loses the job."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys

import pytest

import keras_remote
from keras_remote_core.model import Phase

SCRIPT = """
import os, sys, time
import keras_remote

@keras_remote.run(backend="local")
def wait():
  print("began", os.environ["KERAS_REMOTE_JOB_ID"], flush=True)
  time.sleep(600)

wait()
"""


@pytest.fixture
def terminal(project):
  """Runs the script on a terminal of its own."""
  ours, theirs = pty.openpty()
  client = subprocess.Popen(
    [sys.executable, "-c", SCRIPT],
    stdin=theirs,
    stdout=theirs,
    stderr=theirs,
    cwd=project,
    start_new_session=True,
  )
  os.close(theirs)
  yield client, Screen(ours)
  client.kill()
  client.wait()
  os.close(ours)


class Screen:
  """What a terminal has shown so far."""

  def __init__(self, descriptor):
    self._descriptor, self.text = descriptor, ""

  def until(self, text):
    """Reads on until a text shows; returns everything up to now."""
    while text not in self.text:
      self._read()
    return self.text

  def rest(self):
    """Everything, when the other side has ended."""
    # Linux answers EIO when the last process has closed a terminal.
    with contextlib.suppress(OSError):
      while self._read():
        pass
    return self.text

  def type(self, keys):
    os.write(self._descriptor, keys.encode())

  def _read(self):
    data = os.read(self._descriptor, 1 << 16)
    self.text += data.decode()
    return data


def job_in(text):
  words = text.split()
  return keras_remote.attach(words[words.index("began") + 1])


def test_without_a_terminal_it_detaches_and_says_how_to_come_back(started):
  client = started("-c", SCRIPT, stdin=subprocess.DEVNULL)
  job = job_in(client.stdout.readline())
  client.send_signal(signal.SIGINT)
  _, told = client.communicate(timeout=30)
  assert client.returncode == -signal.SIGINT
  assert f"job {job.id} goes on" in told
  assert f"keras-remote jobs result {job.id}" in told
  assert job.status().phase is Phase.RUNNING
  job.cancel()


@pytest.mark.parametrize("answer", ["d\n", "\n", "\x04"])
def test_on_a_terminal_it_asks_and_detaches(terminal, answer):
  client, screen = terminal
  screen.until("began")
  job = job_in(screen.until("\n"))
  client.send_signal(signal.SIGINT)
  screen.until("[d]etach and let the job run, or [c]ancel it?")
  screen.type(answer)
  told = screen.rest()
  assert client.wait(30) == -signal.SIGINT
  assert told.count("[c]ancel") == 1
  assert f"keras-remote jobs result {job.id}" in told
  assert job.status().phase is Phase.RUNNING
  job.cancel()


def test_on_a_terminal_it_asks_and_cancels(terminal):
  client, screen = terminal
  screen.until("began")
  job = job_in(screen.until("\n"))
  client.send_signal(signal.SIGINT)
  screen.until("[c]ancel it?")
  screen.type("c\n")
  assert f"job {job.id} was cancelled" in screen.rest()
  assert client.wait(30) == -signal.SIGINT
  assert job.status().phase is Phase.CANCELLED


def test_a_second_ctrl_c_detaches(terminal):
  client, screen = terminal
  screen.until("began")
  job = job_in(screen.until("\n"))
  client.send_signal(signal.SIGINT)
  screen.until("[c]ancel it?")
  client.send_signal(signal.SIGINT)
  assert f"job {job.id} goes on" in screen.rest()
  assert client.wait(30) == -signal.SIGINT
  assert job.status().phase is Phase.RUNNING
  job.cancel()
