"""Emulated services, an index of tiny wheels, and a builder among them."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_cloudbuild.testing import Images
from keras_remote_core import reporting
from keras_remote_core.model import ImageRequest, Place
from keras_remote_core.roles import Context
from keras_remote_gcp.authenticator import credentials
from keras_remote_gcp.gcs_store import GcsStore
from keras_remote_gcp.settings import GoogleSettings
from keras_remote_gcp.testing.metadata import MetadataServer
from keras_remote_gcp.testing.storage import StorageServer

PROJECT = "emulated-project"
BUCKET = f"{PROJECT}-keras-remote-keras-remote"


class Heard(reporting.Silent):
  """A reporter that keeps what it was told."""

  def __init__(self) -> None:
    self.notes: list[str] = []

  def note(self, text: str) -> None:
    self.notes.append(text)


@frozen(kw_only=True)
class Site:
  """A machine that builds images."""

  images: Images
  storage: StorageServer
  builder: CloudBuild
  heard: Heard = field(factory=Heard)

  def request(self, *lines: str, kind: str = "cpu") -> ImageRequest:
    return ImageRequest(
      image=None, requirements=lines, python="3.12", kind=kind
    )

  def build(self, *lines: str, kind: str = "cpu") -> Any:
    return self.builder.build(self.request(*lines, kind=kind))

  def stored(self, folder: str) -> list[str]:
    """The keys below a folder of ``images/``."""
    keys = self.storage.objects(BUCKET)
    return [key for key in keys if key.startswith(f"images/{folder}/")]


@pytest.fixture
def index(
  tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
  """Adds wheels to the only index that uv knows: names, versions, needs."""
  folder = tmp_path / "wheels"
  folder.mkdir()
  for name in ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
    monkeypatch.delenv(name, raising=False)
  monkeypatch.setenv("UV_FIND_LINKS", str(folder))
  monkeypatch.setenv("UV_OFFLINE", "1")
  monkeypatch.setenv("UV_NO_CONFIG", "1")
  monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))

  def add(*wheels: str, needs: tuple[str, ...] = ()) -> None:
    for each in wheels:
      name, _, version = each.partition("==")
      _write_wheel(folder, name, version, needs)

  add("keras==3.14.0", "keras==3.15.0")
  add("jax==0.7.0", needs=('libtpu; extra == "tpu"',))
  add("libtpu==1.0", "rich==15.0")
  return add


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[StorageServer]:
  with MetadataServer(PROJECT) as metadata, StorageServer(metadata) as running:
    running.create_bucket(BUCKET)
    for name, value in {**metadata.environ, **running.environ}.items():
      monkeypatch.setenv(name, value)
    yield running


@pytest.fixture
def images(
  storage: StorageServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Images]:
  with Images(storage) as running:
    for name, value in running.environ.items():
      monkeypatch.setenv(name, value)
    yield running


@pytest.fixture
def site(
  images: Images,
  storage: StorageServer,
  index: object,
  tmp_path: Path,
  monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Site]:
  """Makes a machine; each has a builder and folders of its own."""
  monkeypatch.chdir(tmp_path)

  def make(url: str = f"gs://{BUCKET}", **settings: Any) -> Site:
    heard = Heard()
    place = Place(project=PROJECT, zone="us-central1-a")
    google = credentials(GoogleSettings(), PROJECT)
    bare = Context(
      store_url=url,
      workdir=tmp_path,
      report=heard,
      place=place,
      credentials=google,
    )
    context = Context(
      store_url=url,
      workdir=tmp_path,
      report=heard,
      place=place,
      credentials=google,
      store=GcsStore(None, bare),
    )
    builder = CloudBuild(CloudBuildSettings(**settings), context)
    builder.poll_interval = 0.02
    return Site(images=images, storage=storage, builder=builder, heard=heard)

  return make


def _write_wheel(
  folder: Path, name: str, version: str, needs: tuple[str, ...]
) -> None:
  """A wheel of one module that says its version."""
  info = f"{name}-{version}.dist-info"
  extras = [each.partition('"')[2].strip('"') for each in needs]
  metadata = [
    "Metadata-Version: 2.1",
    f"Name: {name}",
    f"Version: {version}",
    *(f"Provides-Extra: {each}" for each in extras),
    *(f"Requires-Dist: {each}" for each in needs),
  ]
  files = {
    f"{name}.py": f"__version__ = {version!r}\n",
    f"{info}/METADATA": "\n".join(metadata) + "\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\n"
    "Root-Is-Purelib: true\nTag: py3-none-any\n",
  }
  record = [f"{path},{_hash(text)},{len(text)}" for path, text in files.items()]
  files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
  path = folder / f"{name}-{version}-py3-none-any.whl"
  with zipfile.ZipFile(path, "w") as wheel:
    for each, text in files.items():
      wheel.writestr(each, text)


def _hash(text: str) -> str:
  digest = hashlib.sha256(text.encode()).digest()
  return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
