"""Jobs through the public entry points, on the real embedded backend."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

import keras_remote
from keras_remote_core import places
from keras_remote_core.testing import detached

PATIENCE = 30.0


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
  """An empty project folder, the working directory; its jobs end with it."""
  folder = tmp_path / "project"
  folder.mkdir()
  (folder / "pyproject.toml").touch()
  monkeypatch.chdir(folder)
  yield folder
  for job in keras_remote.jobs():
    job.cancel()


@pytest.fixture
def remote():
  """Decorates a function as if it was typed at a prompt."""

  def decorate(function, **parameters):
    return keras_remote.run(backend="local", **parameters)(detached(function))

  return decorate


@pytest.fixture
def python(project):
  """Runs Python in the project folder, and returns how it ended."""

  def run(*arguments, text=None, code=None, check=True):
    done = subprocess.run(
      [sys.executable, *arguments],
      input=text,
      capture_output=True,
      text=True,
      timeout=PATIENCE,
      cwd=project,
    )
    assert done.returncode == (code or 0) or not check, done.stderr
    return done

  return run


@pytest.fixture
def script(project):
  """Writes a file below the project folder."""

  def write(text, name="script.py"):
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return path

  return write


@pytest.fixture
def started(project):
  """Starts Python in the project folder; ended with the test."""
  processes = []

  def start(*arguments, **options):
    process = subprocess.Popen(
      [sys.executable, *arguments],
      cwd=project,
      text=True,
      **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )
    processes.append(process)
    return process

  yield start
  for process in processes:
    process.kill()
    process.communicate()


@pytest.fixture
def begun(until):
  """Waits for the first line that a job prints, and returns its text."""

  def wait(job):
    return until(lambda: [line.text for line in job.logs()])[0]

  return wait


@pytest.fixture
def alive():
  """Whether a process exists and is no zombie."""

  def ask(pid):
    try:
      os.kill(pid, 0)
      with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (ProcessLookupError, FileNotFoundError):
      return False

  return ask


@pytest.fixture
def stored():
  """The folder of the default store."""
  return places.data_dir() / "store"
