"""A job's value does not depend on who can still listen."""

from __future__ import annotations

import os
import subprocess

import pytest

SCRIPT = """
import keras_remote

@keras_remote.run
def talk():
  print("größe", 1)
  return 7

value = talk()
with open("value", "w") as file:
  file.write(str(value))
"""


def value_of(project, started, **streams):
  process = started("script.py", **streams)
  process.communicate(timeout=30)
  # What Python itself could not flush makes it exit with 120.
  assert process.returncode in (0, 120)
  return (project / "value").read_text()


@pytest.fixture(autouse=True)
def a_script(script):
  script(SCRIPT)


@pytest.fixture
def full():
  with open("/dev/full", "w") as device:
    yield device


def test_a_full_standard_error_costs_nothing(project, started, full):
  assert value_of(project, started, stderr=full) == "7"


def test_a_closed_pipe_of_progress_costs_nothing(project, started):
  reading, writing = os.pipe()
  os.close(reading)
  try:
    assert value_of(project, started, stderr=writing) == "7"
  finally:
    os.close(writing)


def test_output_that_the_terminal_cannot_encode_is_escaped(project, started):
  environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
  process = started("script.py", env=environ, stderr=subprocess.DEVNULL)
  out, _ = process.communicate(timeout=30)
  assert out == "gr\\xf6\\xdfe 1\n"
  assert (project / "value").read_text() == "7"


def test_without_any_standard_error_there_is_still_a_value(project, python):
  close_and_run = (
    "import os, sys; os.close(2);"
    "os.execv(sys.executable, [sys.executable, 'script.py'])"
  )
  python("-c", close_and_run)
  assert (project / "value").read_text() == "7"


def test_a_full_standard_output_costs_nothing(project, started, full):
  assert value_of(project, started, stdout=full) == "7"
