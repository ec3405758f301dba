"""The installed command in a process of its own: in a pipe, on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sysconfig
import termios
from pathlib import Path

import pytest

COMMAND = Path(sysconfig.get_path("scripts")) / "keras-remote"
BOX = set("┃│━┏└")

LABELS = """
from keras_remote_core import Provider, hookimpl
from keras_remote_core.model import CheckResult

def label():
  return CheckResult(ok=True, message="[/INST] [epoch 1] :smile: \\x1b[31mred")

@hookimpl
def keras_remote_checks():
  yield Provider(
    name="label", summary="A check.", implementation="labels:label"
  )
"""


def piped(*arguments):
  return subprocess.run(
    [COMMAND, *arguments], capture_output=True, text=True, check=False
  )


def on_terminal(*arguments):
  """Everything that appears on a terminal of 160 columns."""
  here, there = pty.openpty()
  size = struct.pack("HHHH", 40, 160, 0, 0)
  fcntl.ioctl(there, termios.TIOCSWINSZ, size)
  environ = {**os.environ, "TERM": "xterm"}
  with subprocess.Popen(
    [COMMAND, *arguments], stdin=there, stdout=there, stderr=there, env=environ
  ):
    os.close(there)
    return b"".join(iter(lambda: read(here), b"")).decode()


def read(terminal):
  try:
    return os.read(terminal, 4096)
  except OSError:
    # Linux says so when nobody has the terminal open any more.
    os.close(terminal)
    return b""


@pytest.fixture
def labels(install):
  install("labels", LABELS)


def test_a_terminal_gets_a_table_and_user_text_as_it_is(labels):
  shown = on_terminal("doctor")
  assert BOX & set(shown)
  assert "[/INST] [epoch 1] :smile:" in shown
  assert "\x1b[31mred" not in shown


def test_a_pipe_gets_plain_text(labels):
  done = piped("doctor")
  assert done.returncode == 0
  assert not BOX & set(done.stdout)
  assert "\x1b" not in done.stdout
  assert "[/INST] [epoch 1] :smile:" in done.stdout


def test_a_run_on_a_terminal_shows_steps_logs_and_value(folder):
  shown = on_terminal("run", "train.py:train", "epochs=2")
  assert "packing" in shown
  assert "[/INST] [epoch 1] [bold]x[/bold]\r\n" in shown
  assert "{'epochs': 2, 'rate': 0.5}" in shown


def test_a_run_in_a_pipe_keeps_its_output_apart_from_its_steps(folder):
  done = piped("run", "train.py:train", "epochs=2")
  assert done.stdout.splitlines() == [
    "[/INST] [epoch 1] [bold]x[/bold]",
    "{'epochs': 2, 'rate': 0.5}",
  ]
  assert "\x1b" not in done.stderr


def test_the_installed_command_has_the_promised_exit_codes(folder):
  assert piped("run", "train.py:breaks").returncode == 1
  assert piped("run", "train.py:nothing").returncode == 2
  refused = piped("run", "train.py:train", "--accelerator", "a100", "epochs=1")
  assert refused.returncode == 3
  assert "Traceback" not in refused.stderr
