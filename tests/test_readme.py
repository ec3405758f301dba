"""What the README promises; that its blocks run is looked at in docs/."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from keras_remote_core import registry

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def needs(*modules: str) -> pytest.MarkDecorator:
  """Skips a test where something is not installed; imports nothing."""
  absent = [each for each in modules if find_spec(each) is None]
  return pytest.mark.skipif(bool(absent), reason=f"not installed: {absent}")


def blocks(language: str) -> list[str]:
  return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(autouse=True)
def with_plugins(alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
  """What the README shows, it shows of everything that is installed."""
  monkeypatch.delenv(registry.DISABLED)


def run(*command: str) -> subprocess.CompletedProcess[str]:
  done = subprocess.run(
    command, cwd=ROOT, capture_output=True, text=True, check=False
  )
  assert done.returncode == 0, done.stderr
  return done


def test_the_first_block_does_what_its_comment_says(tmp_path):
  script = tmp_path / "block.py"
  script.write_text(blocks("python")[0] + "\nassert loss == 2e-3\n")
  assert "training with 0.001" in run(sys.executable, str(script)).stdout


def commands() -> list[str]:
  """The keras-remote lines of the shell blocks, without their comments."""
  lines = "".join(blocks("bash")).splitlines()
  return [
    line.partition("  #")[0]
    for line in lines
    if line.startswith("keras-remote")
  ]


@pytest.mark.parametrize("command", commands())
def test_every_command_of_the_readme_works(command):
  program, *arguments = shlex.split(command)
  if "dev" in arguments and find_spec("keras_remote_gke") is None:
    pytest.skip("not installed: keras_remote_gke")
  run(str(Path(sys.executable).parent / program), *arguments)


@needs("keras", "jax", "sklearn")
def test_the_quickstart_learns_in_another_process():
  out = run(sys.executable, "examples/quickstart.py").stdout
  told = re.search(
    r"accuracy (\S+), trained in process (\d+), returned to process (\d+)", out
  )
  assert told is not None
  assert float(told[1]) > 0.95
  assert told[2] != told[3]


@needs("jax")
@pytest.mark.parametrize("example", ["jax_function", "detached"])
def test_the_other_examples_run(example):
  run(sys.executable, f"examples/{example}.py")
