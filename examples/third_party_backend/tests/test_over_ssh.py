"""What the suite does not ask: connections that break, hosts that are wrong."""

from __future__ import annotations

import ast
import os
import secrets
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from keras_remote_core import testing
from keras_remote_core.errors import MachineError
from keras_remote_core.model import Environment, Phase
from keras_remote_core.testing import functions
from keras_remote_core.testing.site import Site

COMMAND_LINE = "from keras_remote_core.cli.main import main; main()"


@pytest.fixture
def site(tmp_path, monkeypatch):
  monkeypatch.chdir(tmp_path)
  return Site.of(testing.plan(backend="ssh"), tmp_path)


@pytest.fixture
def command_line(site):
  """Runs a command in a process of its own, with the same settings."""

  def run(*arguments):
    command = [sys.executable, "-c", COMMAND_LINE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)

  return run


def test_the_backend_is_at_most_40_statements():
  text = resources.files("keras_remote_ssh").joinpath("backend.py").read_text()
  statements = [
    each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.stmt)
  ]
  assert len(statements) <= 40


def test_a_wrong_host_is_told_with_what_to_try(
  command_line, tmp_path, monkeypatch
):
  (tmp_path / "train.py").write_text(
    "import keras_remote\n"
    "@keras_remote.run(backend='ssh', ssh_host='elsewhere.invalid')\n"
    "def train(): pass\n"
  )
  (tmp_path / "requirements.txt").touch()
  done = command_line("run", "train.py:train")
  assert done.returncode == 3
  assert "elsewhere.invalid" in done.stderr
  assert "fix: see to it that this works: echo true | ssh" in done.stderr
  assert "Traceback" not in done.stderr


def test_a_job_outlives_a_server_that_goes_away(site, unplugged):
  job = site.submit(functions.sleep, 600)
  with unplugged(), pytest.raises(MachineError, match="ssh failed"):
    job.result(60)
  assert next(iter(job.logs(follow=True))).text == "asleep"
  job.cancel()
  assert job.status().phase is Phase.CANCELLED


def test_a_value_needs_no_server(site, unplugged):
  job = site.submit(functions.add, 1, 2)
  assert job.result(60) == 3
  with unplugged():
    assert job.status().phase is Phase.SUCCEEDED
    assert job.result(60) == 3


def test_another_machine_follows_and_removes_a_job_by_its_address(
  site, command_line, monkeypatch, tmp_path
):
  job = site.submit(functions.sleep, 1)
  address = f"{job.handle.store_url}/jobs/{job.id}"
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "another"))
  assert command_line("jobs", "result", address).stdout == "'awake'\n"
  assert command_line("jobs", "logs", address).stdout == "asleep\n"
  assert command_line("jobs", "delete", address).returncode == 0
  assert job.handle not in list(job.backend.list())


@pytest.mark.skipif(not shutil.which("ps"), reason="needs ps: install procps")
def test_no_list_of_processes_shows_a_secret(site):
  value = secrets.token_hex(16)
  environment = Environment(secrets={"CONFORMANCE_SECRET": value})
  job = site.submit(functions.sleep, 600, environment=environment)
  next(iter(job.logs(follow=True)))
  shown = subprocess.run(
    ["ps", "-ww", "-eo", "args"], capture_output=True
  ).stdout
  assert job.id.encode() in shown
  assert value.encode() not in shown
  key = job.backend.key(job.handle)
  assert key.hex().encode() not in shown
  job.delete()


def test_a_secret_of_any_name_leaves_the_start_as_it_is(site):
  names = ("folder", "job", "mask", "python")
  environment = Environment(secrets=dict.fromkeys(names, "/nowhere"))
  job = site.submit(_working_folder_and_mask, environment=environment)
  folder, mask = job.result(60)
  assert job.id in folder
  assert mask == _mask()
  job.delete()
  assert not Path(folder).exists()


def test_a_job_that_cannot_begin_says_why(site, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_SSH_PYTHON", "no-such-python")
  site = Site.of(testing.plan(backend="ssh"), Path.cwd())
  job = site.submit(functions.add, 1)
  for _ in job.changes(60):
    pass
  assert "no-such-python" in job.status().message


def _working_folder_and_mask():
  import os

  mask = os.umask(0)
  os.umask(mask)
  return os.environ["KERAS_REMOTE_SCRATCH"], mask


def _mask():
  mask = os.umask(0)
  os.umask(mask)
  return mask
