"""Installs the project as users, plugin authors and releases do."""

from __future__ import annotations

import email.message
import email.parser
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import keras_remote_core
import keras_remote_runner

pytestmark = [pytest.mark.installs, pytest.mark.timeout(900)]

CHECKOUT = Path(__file__).resolve().parents[2]
HEAVY = ("google", "jax", "keras", "kubernetes", "numpy", "pulumi")


def call(*command: str | Path, cwd: Path, **env: str) -> str:
  """The output of a command that succeeds, as run by a stranger's shell."""
  hidden = ("KERAS_REMOTE_RELEASE", "PYTHONPATH", "VIRTUAL_ENV")
  outer = {k: v for k, v in os.environ.items() if k not in hidden}
  result = subprocess.run(
    command,
    capture_output=True,
    check=False,
    cwd=cwd,
    env=outer | env,
    text=True,
  )
  assert result.returncode == 0, result.stdout + result.stderr
  return result.stdout


class Environment:
  """A fresh virtual environment with the pip that its Python brings."""

  def __init__(self, folder: Path) -> None:
    self._folder = folder
    call(sys.executable, "-m", "venv", folder / "venv", cwd=folder)

  def run(self, program: str, *arguments: str | Path, **env: str) -> str:
    """The output of a program of this environment, run outside the checkout."""
    path = self._folder / "venv" / "bin" / program
    return call(path, *arguments, cwd=self._folder, **env)

  def pip_install(self, *requirements: str) -> None:
    self.run("python", "-m", "pip", "install", "--quiet", *requirements)

  def distributions(self) -> set[str]:
    listed = self.run("python", "-m", "pip", "list", "--format=json")
    return {found["name"].lower() for found in json.loads(listed)}


def metadata(wheel: Path) -> email.message.Message:
  """The METADATA of a wheel."""
  with zipfile.ZipFile(wheel) as archive:
    (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
    return email.parser.Parser().parsestr(archive.read(name).decode())


def fields(found: email.message.Message) -> str:
  """All but the description, which is the README and may name any URL."""
  return "\n".join(f"{name}: {value}" for name, value in found.items())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Environment:
  environment = Environment(tmp_path_factory.mktemp("installed"))
  environment.pip_install("--editable", str(CHECKOUT))
  return environment


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Environment:
  environment = Environment(tmp_path_factory.mktemp("builder"))
  environment.pip_install("hatchling")
  return environment


@pytest.fixture(scope="module")
def release(
  builder: Environment, tmp_path_factory: pytest.TempPathFactory
) -> Path:
  """A folder with the wheel and the sdist of a release."""
  folder = tmp_path_factory.mktemp("release")
  for target in ("wheel", "sdist"):
    build(builder, CHECKOUT, target, folder, KERAS_REMOTE_RELEASE="1")
  return folder


def build(
  builder: Environment, source: Path, target: str, folder: Path, **env: str
) -> None:
  """Asks the build backend for a target, as pip does, but here."""
  script = (
    "import os, sys; from hatchling import build; os.chdir(sys.argv[1]);"
    "getattr(build, f'build_{sys.argv[2]}')(sys.argv[3])"
  )
  builder.run("python", "-c", script, source, target, folder, **env)


def test_a_plain_install_is_at_most_eighteen_distributions(
  installed: Environment,
) -> None:
  assert len(installed.distributions()) <= 18


def test_a_plain_install_brings_nothing_from_a_cloud_and_no_framework(
  installed: Environment,
) -> None:
  heavy = {n for n in installed.distributions() if n.startswith(HEAVY)}
  assert heavy == {"keras-remote", "keras-remote-runner"}


def test_a_plain_install_imports_and_lists_its_plugins(
  installed: Environment,
) -> None:
  installed.run("python", "-c", "import keras_remote; keras_remote.run")
  listed = json.loads(
    installed.run("keras-remote", "plugins", "list", "--json")
  )
  assert [plugin["name"] for plugin in listed] == ["builtin"]
  assert listed[0]["error"] is None


def test_an_editable_install_runs_the_code_of_the_checkout(
  installed: Environment,
) -> None:
  where = "import keras_remote_core as core; print(core.__file__)"
  found = Path(installed.run("python", "-c", where).strip())
  assert found == CHECKOUT / "keras_remote_core" / "__init__.py"


def test_a_checkout_finds_its_siblings_by_path(
  builder: Environment, tmp_path: Path
) -> None:
  build(builder, CHECKOUT, "wheel", tmp_path)
  (wheel,) = tmp_path.glob("*.whl")
  runner = (CHECKOUT / "runner").as_uri()
  requirements = metadata(wheel).get_all("Requires-Dist")
  assert f"keras-remote-runner @ {runner}" in (requirements or [])


def test_a_release_names_its_siblings_by_version(release: Path) -> None:
  (wheel,) = release.glob("*.whl")
  found = metadata(wheel)
  version = found["Version"]
  requirements = found.get_all("Requires-Dist") or []
  assert f"keras-remote-runner=={version}" in requirements
  assert "keras-remote-gke<0.2,>=0.1; extra == 'gke'" in requirements
  assert "file:" not in fields(found)


def test_the_runner_has_the_version_that_a_release_asks_for() -> None:
  assert keras_remote_runner.__version__ == keras_remote_core.__version__


def test_a_release_has_the_types_and_the_license(release: Path) -> None:
  (wheel,) = release.glob("*.whl")
  names = zipfile.ZipFile(wheel).namelist()
  assert "keras_remote/py.typed" in names
  assert "keras_remote_core/py.typed" in names
  assert any(name.endswith("licenses/LICENSE") for name in names)


def test_an_sdist_of_a_release_builds_the_same_wheel_by_itself(
  builder: Environment, release: Path, tmp_path: Path
) -> None:
  (sdist,) = release.glob("*.tar.gz")
  with tarfile.open(sdist) as archive:
    archive.extractall(tmp_path / "unpacked", filter="data")
  (source,) = (tmp_path / "unpacked").iterdir()
  build(builder, source, "wheel", tmp_path)
  (rebuilt,) = tmp_path.glob("*.whl")
  (wheel,) = release.glob("*.whl")
  assert rebuilt.read_bytes() == wheel.read_bytes()


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_installs_every_extra_and_every_sibling_editable(
  tmp_path: Path,
) -> None:
  copy = tmp_path / "checkout"
  hidden = shutil.ignore_patterns(".*", "__pycache__", "uv.lock")
  shutil.copytree(CHECKOUT, copy, ignore=hidden)
  call("uv", "sync", "--all-extras", "--no-default-groups", cwd=copy)
  listed = call("uv", "pip", "list", "--editable", "--format=json", cwd=copy)
  found = {
    each["name"]: Path(each["editable_project_location"])
    for each in json.loads(listed)
  }
  assert found["keras-remote"] == copy
  assert found["keras-remote-runner"] == copy / "runner"
