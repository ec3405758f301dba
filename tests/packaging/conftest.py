"""A project to pack, a cache of its own, and a reporter that listens."""

from __future__ import annotations

import contextlib
import datetime
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from keras_remote_core.builtin.packaging.packager import cloudpickle_packager
from keras_remote_core.model import (
  Accelerator,
  BackendChoice,
  Bundle,
  Call,
  Choice,
  Plan,
  Resources,
  StoreChoice,
)
from keras_remote_core.providers import (
  BackendProvider,
  Provider,
  StoreProvider,
)
from keras_remote_core.roles import Context

Tree = Callable[..., Path]


@frozen
class Heard:
  """A reporter that keeps what it was told."""

  notes: list[str] = field(factory=list)
  warnings: list[str] = field(factory=list)

  @contextlib.contextmanager
  def step(self, name: str, detail: str = "") -> Iterator[None]:
    del name, detail
    yield

  def note(self, text: str) -> None:
    self.notes.append(text)

  def warn(self, text: str) -> None:
    self.warnings.append(text)


@pytest.fixture
def tree(tmp_path) -> Tree:
  """Writes files below a project folder and returns that folder."""

  def write(files: dict[str, str], name: str = "project") -> Path:
    root: Path = tmp_path.resolve() / name
    root.mkdir(exist_ok=True)
    for path, text in files.items():
      (root / path).parent.mkdir(parents=True, exist_ok=True)
      (root / path).write_text(text)
    return root

  return write


@pytest.fixture
def git() -> Callable[..., str]:
  if shutil.which("git") is None:
    pytest.skip("git is not installed")

  def run(root: Path, *arguments: str, text: str = "") -> str:
    done = subprocess.run(
      ["git", "-C", root, "-c", "core.excludesFile=/dev/null", *arguments],
      input=text,
      capture_output=True,
      text=True,
      env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root)},
    )
    assert not done.stderr, done.stderr
    return done.stdout

  return run


@pytest.fixture
def heard() -> Heard:
  return Heard()


@pytest.fixture
def plan() -> Plan:
  provider: dict[str, Any] = {
    "name": "any",
    "summary": "Any.",
    "implementation": "any:any",
  }
  choice = Choice(provider=Provider(**provider), settings=None, why="test")
  cpu = Accelerator(name="cpu", kind="cpu", family="cpu", chips=0)
  return Plan(
    job_id="a-job",
    function="f",
    created=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    resources=Resources(accelerator=cpu),
    backend=BackendChoice(
      provider=BackendProvider(**provider), settings=None, why="test"
    ),
    authenticator=choice,
    packager=choice,
    image_builder=choice,
    store=StoreChoice(
      provider=StoreProvider(**provider),
      settings=None,
      why="test",
      url="memory://store",
    ),
    result_reader=choice,
  )


@pytest.fixture
def pack(tmp_path, heard, plan) -> Callable[..., Bundle]:
  """Packs a call as a submission would, each time in a fresh folder."""
  folders = (tmp_path / f"work-{n}" for n in range(100))

  def run(function, *args, plan=plan, store="memory://store", **kwargs):
    workdir = next(folders)
    workdir.mkdir()
    context = Context(store_url=store, workdir=workdir, report=heard)
    call = Call(function=function, args=args, kwargs=kwargs)
    return cloudpickle_packager(None, context)(call, plan)

  return run
