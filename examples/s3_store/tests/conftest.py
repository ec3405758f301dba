"""An S3-speaking server, and this plugin as an installation brings it.

Neither moto nor obstore is where these tests run: moto's boto3 forbids what
other plugins need. Both are installed into folders of their own, once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core import registry, reporting
from keras_remote_core.roles import Context

EXAMPLE = Path(__file__).resolve().parents[1]
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
BUCKET = "emulated-bucket"
URL = f"s3://{BUCKET}/folder"
PLACE = (
  b"<CreateBucketConfiguration><LocationConstraint>eu-central-1"
  b"</LocationConstraint></CreateBucketConfiguration>"
)

sys.path.insert(0, str(EXAMPLE))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
  """Marks what needs one of the folders."""
  for item in items:
    if "folders" in getattr(item, "fixturenames", ()):
      item.add_marker(pytest.mark.installs)


@pytest.fixture(scope="session")
def folders(request: pytest.FixtureRequest) -> Path:
  """Where installed folders stay between runs of the tests."""
  return request.config.cache.mkdir("s3_store")


@pytest.fixture(scope="session")
def installed(folders: Path) -> Path:
  """A folder with this distribution and the library that it needs."""
  sources = sorted(EXAMPLE.glob("keras_remote_s3/**/*.py"))
  read = (each.read_bytes() for each in (EXAMPLE / "pyproject.toml", *sources))
  return install(folders, ("--no-deps", "obstore>=0.10", str(EXAMPLE)), *read)


@pytest.fixture
def site(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
  """The installed plugin, among those that are found."""
  monkeypatch.syspath_prepend(str(installed))
  registry.installed.cache_clear()
  yield installed
  registry.installed.cache_clear()


class S3:
  """The running server."""

  def __init__(self, port: int) -> None:
    self.url = f"http://127.0.0.1:{port}"
    self.environ = {
      "AWS_ACCESS_KEY_ID": KEY,
      "AWS_SECRET_ACCESS_KEY": SECRET,
      "AWS_REGION": "eu-central-1",
      "AWS_ENDPOINT_URL_S3": self.url,
    }

  def spoil(
    self, kind: str, method: str, path: str = "", times: int = 1
  ) -> None:
    """Has requests to come fail in some way; ``server.py`` knows which."""
    fault = {"kind": kind, "method": method, "path": path, "times": times}
    self.post("/faults", json.dumps([fault]).encode())

  def post(self, path: str, body: bytes) -> None:
    with urllib.request.urlopen(f"{self.url}{path}", body):
      pass


@pytest.fixture(scope="session")
def server(folders: Path) -> Iterator[S3]:
  folder = install(folders, ("moto[s3]>=5.2", "flask", "flask-cors"))
  command = [sys.executable, str(EXAMPLE / "tests" / "server.py")]
  with subprocess.Popen(
    command,
    env={**os.environ, "PYTHONPATH": str(folder)},
    stdout=subprocess.PIPE,
    stderr=subprocess.DEVNULL,
    text=True,
  ) as process:
    try:
      assert process.stdout is not None
      yield S3(int(process.stdout.readline()))
    finally:
      process.terminate()


@pytest.fixture
def s3(server: S3, site: Path, monkeypatch: pytest.MonkeyPatch) -> S3:
  """The server with an empty bucket, as the environment names it."""
  from keras_remote_s3.s3_remote.access import Access
  from keras_remote_s3.s3_remote.api import Api
  from keras_remote_s3.s3_remote.signing import Request

  for name in [each for each in os.environ if each.startswith("AWS_")]:
    monkeypatch.delenv(name)
  for name, value in server.environ.items():
    monkeypatch.setenv(name, value)
  server.post("/moto-api/reset", b"")
  server.post("/faults", b"[]")
  made = Request("PUT", f"/{BUCKET}", body=PLACE)
  Api(Access.of(os.environ)).ask(made)
  return server


@pytest.fixture
def opened(s3: S3) -> Callable[[str], Any]:
  """Opens a store as those who submit jobs do."""
  from keras_remote_s3.s3_store import S3Store

  def open_(url: str) -> Any:
    context = Context(store_url=url, workdir=Path(), report=reporting.Silent())
    return S3Store(None, context)

  return open_


@pytest.fixture
def client(opened: Callable[[str], Any]) -> Any:
  """The store as those who submit jobs have it."""
  return opened(URL)


@pytest.fixture
def remote(s3: S3) -> Any:
  """The store as jobs have it."""
  from keras_remote_s3 import s3_remote

  return s3_remote.connect(URL)


@pytest.fixture(params=["client", "remote"])
def store(request: pytest.FixtureRequest) -> Any:
  """Either side."""
  return request.getfixturevalue(request.param)


def install(cache: Path, wanted: Sequence[str], *sources: bytes) -> Path:
  """A folder with what is wanted; made by one process, kept for all."""
  digest = hashlib.sha256(repr((sys.version, wanted)).encode())
  for each in sources:
    digest.update(each)
  folder = cache / digest.hexdigest()[:16]
  with open(folder.with_suffix(".lock"), "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not (folder / ".complete").exists():
      shutil.rmtree(folder, ignore_errors=True)
      command = [*installer(), "--quiet", "--target", str(folder), *wanted]
      subprocess.run(command, check=True)
      (folder / ".complete").touch()
  return folder


def installer() -> list[str]:
  if uv := shutil.which("uv"):
    return [uv, "pip", "install", "--python", sys.executable]
  return [sys.executable, "-m", "pip", "install"]
