"""The commands where a person sits: prompts, live progress, Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import sysconfig
import termios
from pathlib import Path

COMMAND = Path(sysconfig.get_path("scripts")) / "keras-remote"
SPINNER = re.compile("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
CONTROLLED = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
CTRL_C = b"\x03"


def test_up_asks_first_and_shows_what_is_being_made(made):
  made.pulumi.hold("pool-cpu")
  shown, code = on_terminal(
    ("up", "--controllers", "", "--cpu-max-nodes", "3"),
    ("go on? [y/N]", b"y\n"),
    ("changing node pool cpu", CTRL_C),
  )
  assert code == 130
  assert SPINNER.search(shown)
  assert "stopping: what is begun is finished" in shown
  assert "the same command goes on from here" in shown


def test_nothing_is_made_where_the_answer_is_no(cloud):
  shown, code = on_terminal(("up",), ("go on? [y/N]", b"n\n"))
  assert code == 1
  assert "Aborted" in shown
  assert cloud.pulumi.stacks(cloud.state) == []


def test_down_wants_the_clusters_name_and_nothing_else(made):
  asked = "type the cluster's name, emulated, to remove it"
  shown, code = on_terminal(("down",), (asked, b"yes\n"))
  assert code == 2
  assert "that is not the cluster's name; nothing is removed" in shown
  assert "cluster" in made.names()


def test_init_asks_which_cluster_jobs_should_use(made):
  shown, code = on_terminal(("init",), ("which one [1]", b"1\n"))
  assert code == 0
  assert "1  emulated in us-central1-a" in shown
  assert "2  make a new one" in shown
  assert "profile emulated is active" in shown


def on_terminal(arguments, *answers):
  """What appears on a terminal of 100 columns, and the exit code.

  Args:
    answers: what is typed, each once a text has appeared.
  """
  here, there = pty.openpty()
  fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
  with subprocess.Popen(
    [sys.executable, "-c", CONTROLLED, COMMAND, *arguments],
    stdin=there,
    stdout=there,
    stderr=there,
    env={**os.environ, "TERM": "xterm"},
    start_new_session=True,
  ) as going:
    os.close(there)
    shown, waiting = "", list(answers)
    for part in iter(lambda: read(here), b""):
      shown += part.decode(errors="replace")
      if waiting and waiting[0][0] in shown:
        os.write(here, waiting.pop(0)[1])
  return shown, going.returncode


def read(terminal):
  try:
    return os.read(terminal, 4096)
  except OSError:
    # Linux says so when nobody has the terminal open any more.
    os.close(terminal)
    return b""
