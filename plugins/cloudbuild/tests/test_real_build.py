"""A Dockerfile that is really built, pushed, pulled and run as a pod would.

The base image is made of this machine's own Debian files, and the packages are
tiny wheels, so that nothing is asked of a network.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest
import uv
from attrs import evolve

from keras_remote_cloudbuild import bases, resolving
from keras_remote_cloudbuild.digest import Recipe
from keras_remote_core import chosen
from keras_remote_core.model import Call
from keras_remote_core.reporting import Silent
from keras_remote_core.roles import Context
from keras_remote_core.testing import detached
from keras_remote_core.testing import plan as make_plan
from keras_remote_core.testing import submission as make_submission
from keras_remote_gke.container import RUNNER_FILE, SCRATCH

TOOLS = ("buildah", "docker-registry")
PROGRAMS = (
  *("bin/dash", "bin/cat", "bin/env", "bin/rm", "bin/mkdir"),
  *("bin/python3.11", "sbin/useradd", "sbin/groupadd"),
)
PYTHON = "lib/python3.11"
DISTRIBUTIONS = "lib/python3/dist-packages"
PATIENCE = 30.0


def missing():
  """What keeps this test from running here."""
  absent = [each for each in TOOLS if shutil.which(each) is None]
  if absent:
    return f"not installed: {', '.join(absent)}; Debian has them"
  if os.geteuid() != 0:
    return "containers are run by root here"
  if sys.version_info[:2] != (3, 11) or not Path("/usr", PYTHON).is_dir():
    return "the base image is of Debian 12's Python 3.11"
  if not Path("/usr", DISTRIBUTIONS, "pip").is_dir():
    return "not installed: python3-pip"
  return ""


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def tools(tmp_path, monkeypatch):
  """Runs a tool, with storage and settings of the test's own."""
  (tmp_path / "storage.conf").write_text(
    '[storage]\ndriver = "overlay"\n'
    f'graphroot = "{tmp_path}/storage"\nrunroot = "{tmp_path}/run"\n'
  )
  monkeypatch.setenv("BUILDAH_ISOLATION", "chroot")
  monkeypatch.setenv("CONTAINERS_STORAGE_CONF", str(tmp_path / "storage.conf"))

  def run(*command, **options):
    done = subprocess.run(
      [*map(str, command)], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout

  yield run
  # What lies in the test's folder is mounted.
  subprocess.run(["buildah", "rm", "--all"], capture_output=True)
  subprocess.run(["buildah", "rmi", "--all", "--force"], capture_output=True)


@pytest.fixture
def registry(tmp_path):
  """A registry of images; its address."""
  with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{free.getsockname()[1]}"
  config = tmp_path / "registry.yml"
  config.write_text(
    f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {tmp_path}/r\n"
    f"http:\n  addr: {address}\n"
  )
  with subprocess.Popen(
    ["docker-registry", "serve", config],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
  ) as process:
    deadline = time.monotonic() + PATIENCE
    while not _answers(f"http://{address}/v2/"):
      assert time.monotonic() < deadline, "the registry never answered"
      time.sleep(0.05)
    yield address
    process.kill()


@pytest.fixture
def base(tmp_path, tools):
  """The reference of a base image with Python and little else."""
  root = tmp_path / "root"
  for each in PROGRAMS:
    _copy(Path("/usr", each), root)
    for library in _libraries(Path("/usr", each)):
      _copy(library, root)
  modules = Path("/usr", PYTHON, "lib-dynload").glob("*.so")
  for each in (*modules, uv.find_uv_bin()):
    for library in _libraries(each):
      _copy(library, root)
  _copy_folder(Path("/usr", PYTHON), root)
  for found in Path("/usr", DISTRIBUTIONS).glob("pip*"):
    _copy_folder(found, root)
  (root / "usr" / PYTHON / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
  (root / "usr/bin/python3").symlink_to("python3.11")
  (root / "usr/bin/sh").symlink_to("dash")
  (root / "usr/bin/pip").write_text(
    "#!/usr/bin/python3\nfrom pip._internal.cli.main import main\n"
    "raise SystemExit(main())\n"
  )
  (root / "usr/bin/pip").chmod(0o755)
  for each in ("bin", "sbin", "lib", "lib64"):
    (root / each).symlink_to(f"usr/{each}")
  for each in ("etc", "tmp", "home", "root", "usr/local/bin"):
    (root / each).mkdir(parents=True, exist_ok=True)
  (root / "tmp").chmod(0o1777)
  (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
  (root / "etc/group").write_text("root:x:0:\n")
  _copy(Path("/etc/login.defs"), root)
  # Debian's pip wants to see it, network or not.
  _copy(Path("/etc/ssl/certs/ca-certificates.crt"), root)
  tools("tar", "-C", root, "-cf", tmp_path / "root.tar", ".")
  reference = "localhost/base:latest"
  empty = tools("buildah", "from", "scratch").strip()
  tools("buildah", "add", "--quiet", empty, tmp_path / "root.tar", "/")
  tools("buildah", "commit", "--quiet", "--rm", empty, reference)
  return reference


def test_a_generated_image_runs_what_a_pod_runs(
  tools, registry, base, index, tmp_path, monkeypatch
):
  index("numpy==2.5")
  wheels = tmp_path / "wheels"
  version = _wheel_of_uv(wheels)
  recipe = Recipe(
    base=base,
    kind="cpu",
    python="3.11",
    platform=bases.PLATFORM,
    requirements=("keras==3.14.0", "numpy", "rich"),
    uv=version,
  )
  recipe = evolve(recipe, lock=resolving.resolve(recipe, tmp_path))
  reference = f"{registry}/jobs/cpu:{recipe.tag}"
  digest = _built(tools, recipe, reference, wheels, tmp_path)
  tools("buildah", "rmi", "--force", reference)

  pinned = f"{registry}/jobs/cpu@{digest}"
  made = tools("buildah", "from", "--tls-verify=false", pinned).strip()
  told = tools("buildah", "run", made, "--", "python3", "-c", LOOK)
  assert told.split() == ["1000", "3.14.0", "False", "False", "False"]
  monkeypatch.chdir(tempfile.gettempdir())  # so that no source ships
  _run_job(tools, made, tmp_path)


LOOK = """
import glob, importlib.util as found, os, shutil, keras, numpy, rich
print(os.getuid(), keras.__version__, bool(shutil.which("uv")))
print(found.find_spec("keras_remote") is not None)
# buildah leaves the empty places of its mounts behind.
print(any(map(os.path.getsize, glob.glob("/tmp/*"))))
"""


def _built(tools, recipe, reference, wheels, tmp_path):
  """Builds and pushes as Cloud Build does; the digest."""
  folder = tmp_path / "context"
  folder.mkdir()
  for name, data in recipe.files.items():
    (folder / name).write_bytes(data)
  tools(
    *("buildah", "build", "--layers", "--quiet", "--pull-never"),
    *(f"--volume={wheels}:/wheels:ro", f"--tag={reference}"),
    *("--env=PIP_NO_INDEX=1", "--env=PIP_FIND_LINKS=/wheels"),
    *("--env=UV_OFFLINE=1", "--env=UV_FIND_LINKS=/wheels"),
    folder,
  )
  written = tmp_path / "digest"
  tools(
    *("buildah", "push", "--tls-verify=false", f"--digestfile={written}"),
    reference,
  )
  return written.read_text()


def _run_job(tools, container, tmp_path):
  """Runs a job's command, its runner mounted as in a pod."""
  url = f"file://{tmp_path}/store"
  plan = make_plan(backend="local", store=url)
  bare = Context(store_url=url, workdir=tmp_path, report=Silent())
  call = Call(function=detached(twice), args=(21,))
  opened = evolve(bare, store=chosen.make(plan.store, bare))
  submission = make_submission(call, plan, opened)
  runner, scratch = tmp_path / RUNNER_FILE, tmp_path / "scratch"
  runner.write_bytes(submission.runner)
  scratch.mkdir()
  tools("chmod", "-R", "a+rwX", tmp_path / "store", scratch)
  tools(
    *("buildah", "run", f"--env=KERAS_REMOTE_KEY={submission.key.hex()}"),
    f"--env=KERAS_REMOTE_SCRATCH={SCRATCH}",
    f"--volume={scratch}:{SCRATCH}",
    f"--volume={tmp_path}/store:{tmp_path}/store",
    f"--volume={runner}:/opt/keras-remote/{RUNNER_FILE}:ro",
    *(container, "--", "python3", f"/opt/keras-remote/{RUNNER_FILE}"),
    *submission.arguments,
  )
  (outcome,) = (tmp_path / "store").rglob("outcome.json")
  assert json.loads(outcome.read_bytes())["kind"] == "returned"


def twice(number):
  return 2 * number


def _answers(url):
  with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
    return True
  return False


def _libraries(binary):
  told = subprocess.run(["ldd", binary], capture_output=True, text=True).stdout
  words = [word for word in told.split() if word.startswith("/")]
  return [
    Path("/usr", word.lstrip("/"))
    if not word.startswith("/usr")
    else Path(word)
    for word in words
  ]


def _copy(file, root):
  target = root / file.relative_to("/")
  target.parent.mkdir(parents=True, exist_ok=True)
  shutil.copy(file, target)


def _copy_folder(folder, root):
  target = root / folder.relative_to("/")
  skip = shutil.ignore_patterns(
    "__pycache__", "test", "config-*", "dist-packages"
  )
  shutil.copytree(folder, target, ignore=skip)


def _wheel_of_uv(folder):
  """Packs the uv that is installed here into a wheel; its version."""
  found = importlib.metadata.distribution("uv")
  name = f"uv-{found.version}"
  with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
    for file in found.files or ():
      if file.name == "uv" and file.parent.name == "bin":
        wheel.write(file.locate(), f"{name}.data/scripts/uv")
      elif not file.parts[0].startswith(".") and file.suffix != ".pyc":
        wheel.write(file.locate(), str(file))
  return found.version
