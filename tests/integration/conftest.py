"""Fresh environments, and what a release consists of."""

from __future__ import annotations

import email.message
import email.parser
import fcntl
import functools
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).resolve().parents[2]
HIDDEN = ("KERAS_REMOTE_", "PYTHONPATH", "VIRTUAL_ENV")
BUILD = """\
import os, sys
from hatchling import build
for source in sys.argv[2:]:
  os.chdir(source)
  build.build_wheel(sys.argv[1])
  build.build_sdist(sys.argv[1])
"""


def pytest_collection_modifyitems(items):
  for item in items:
    if item.path.parent == Path(__file__).parent:
      item.add_marker(pytest.mark.installs)
      item.add_marker(pytest.mark.timeout(600))


def call_(*command, cwd, **env):
  outer = {k: v for k, v in os.environ.items() if not k.startswith(HIDDEN)}
  result = subprocess.run(
    command, capture_output=True, cwd=cwd, env=outer | env, text=True
  )
  assert result.returncode == 0, result.stdout + result.stderr
  return result.stdout


@pytest.fixture(scope="session")
def call():
  """The output of a command that succeeds, as run by a stranger's shell."""
  return call_


class Fresh:
  """A fresh virtual environment, made by uv; its programs run outside."""

  def __init__(self, folder, python):
    self._folder = folder
    call_("uv", "venv", "--quiet", "--python", python, "venv", cwd=folder)
    self.python = folder / "venv" / "bin" / "python"

  def install(self, *arguments):
    uv = ("uv", "pip", "install", "--quiet", "--python", self.python)
    call_(*uv, *arguments, cwd=self._folder)

  def run(self, program, *arguments, cwd=None, **env):
    path = self.python.with_name(program)
    return call_(path, *arguments, cwd=cwd or self._folder, **env)

  def plugins(self):
    """What is listed, by name, with its error if it has one."""
    listed = json.loads(self.run("keras-remote", "plugins", "list", "--json"))
    return {each["name"]: each["error"] for each in listed}


@pytest.fixture
def fresh(tmp_path):
  """Makes the environment of a test."""
  if shutil.which("uv") is None:
    pytest.skip("uv is not installed")
  return functools.partial(Fresh, tmp_path)


@pytest.fixture(scope="session")
def sources():
  """The folder of each distribution of this repository."""
  found = [each.parent for each in CHECKOUT.glob("plugins/*/pyproject.toml")]
  return [CHECKOUT, CHECKOUT / "runner", *sorted(found)]


@pytest.fixture(scope="session")
def dist(tmp_path_factory, sources):
  """A release: a wheel and an sdist of each distribution; made once for all."""
  base = tmp_path_factory.getbasetemp()
  shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
  folder = shared / "dist"
  with open(shared / "dist.lock", "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not folder.exists():
      made = tmp_path_factory.mktemp("dist")
      command = [sys.executable, "-c", BUILD, made, *sources]
      call_(*command, cwd=base, KERAS_REMOTE_RELEASE="1")
      made.rename(folder)
  return folder


@pytest.fixture(scope="session")
def metadata():
  """Reads the METADATA of a wheel."""

  def read(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
      (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
      return email.parser.Parser().parsestr(archive.read(name).decode())

  return read


@pytest.fixture(scope="session")
def stated(metadata):
  """The requirements of a wheel that are not of this repository, as lines."""

  def read(wheel, extra=""):
    found = metadata(wheel).get_all("Requires-Dist") or []
    for each in map(Requirement, found):
      applies = each.marker is None or each.marker.evaluate({"extra": extra})
      if applies and not each.name.startswith("keras-remote"):
        each.marker = None
        yield str(each)

  return read
