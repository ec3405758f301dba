"""The command line in this process, on real scripts, plugins and jobs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keras_remote_core import registry
from keras_remote_core.cli.main import root

Cli = Callable[..., Result]

TRAIN = """
import keras_remote

@keras_remote.run
def train(epochs, rate=0.5):
  print("[/INST] [epoch 1] [bold]x[/bold]")
  return {"epochs": epochs, "rate": rate}

@keras_remote.run
def breaks():
  raise ValueError("no such luck")

@keras_remote.run
def sleeps(seconds=60):
  import time
  print("going to sleep", flush=True)
  time.sleep(seconds)

def plain(number):
  return number + 1

if __name__ == "__main__":
  raise SystemExit("this was run as a script")
"""


@pytest.fixture(autouse=True)
def fresh_imports(monkeypatch, tmp_path_factory) -> Iterator[None]:
  """What a command imports of a test's files is gone after the test.

  Everything else stays: a second cloudpickle would not know the first one's.
  """
  monkeypatch.setattr(sys, "path", list(sys.path))
  registry.installed.cache_clear()
  yield
  registry.installed.cache_clear()
  written = tmp_path_factory.getbasetemp()
  for name, module in list(sys.modules.items()):
    if Path(getattr(module, "__file__", None) or "/").is_relative_to(written):
      del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
  """A project with a script, and the working directory."""
  monkeypatch.chdir(tmp_path)
  (tmp_path / "requirements.txt").touch()
  (tmp_path / "train.py").write_text(TRAIN)
  return tmp_path


@pytest.fixture
def cli() -> Cli:
  """Runs a command line; the exit code is checked where one is expected."""

  def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(
      root, arguments, prog_name="keras-remote", catch_exceptions=False
    )
    assert result.exit_code == code, result.output
    return result

  return run


@pytest.fixture
def submitted(cli, folder) -> Callable[..., str]:
  """Starts a job and gives its id once it has ended."""

  def run(function: str, *pairs: str) -> str:
    done = cli("run", f"train.py:{function}", *pairs, "--detach")
    job_id: str = done.stdout.strip()
    raised = function == "breaks"
    cli("jobs", "result", job_id, code=1 if raised else 0)
    return job_id

  return run


@pytest.fixture
def install(tmp_path_factory, monkeypatch) -> Callable[..., Path]:
  """Installs a plugin, as far as this and started processes can tell."""

  def write(name: str, text: str) -> Path:
    site: Path = tmp_path_factory.mktemp("site")
    (site / f"{name}.py").write_text(text)
    info = site / f"{name}-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text(
      f"[keras_remote.v1]\n{name} = {name}\n"
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))
    registry.installed.cache_clear()
    return site

  return write
