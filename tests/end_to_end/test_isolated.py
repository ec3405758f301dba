"""``isolated=True`` runs in an environment of the requirements alone."""

from __future__ import annotations

import shutil
import zipfile

import numpy as np
import pytest

from keras_remote_core.errors import JobFailed, MissingModules

pytestmark = pytest.mark.skipif(
  shutil.which("uv") is None, reason="uv is not installed"
)


@pytest.fixture
def tiny_answer(tmp_path, monkeypatch):
  """A distribution of one module, where installers look for it."""
  monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
  monkeypatch.setenv("UV_OFFLINE", "1")
  path = tmp_path / "tiny_answer-1.0-py3-none-any.whl"
  info = "tiny_answer-1.0.dist-info"
  with zipfile.ZipFile(path, "w") as file:
    file.writestr("tiny_answer.py", "ANSWER = 42\n")
    file.writestr(
      f"{info}/METADATA",
      "Metadata-Version: 2.1\nName: tiny-answer\nVersion: 1.0\n",
    )
    file.writestr(
      f"{info}/WHEEL",
      "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
      "Tag: py3-none-any\n",
    )
    file.writestr(f"{info}/RECORD", "")
  return "tiny-answer==1.0"


def test_the_client_need_not_be_installed_to_import_a_decorated_module(
  python, script
):
  script(
    """
    import sys
    import keras_remote

    @keras_remote.run(backend="local", isolated=True)
    def f(x):
      import importlib.util
      there = importlib.util.find_spec("numpy") is not None
      return x + 1, there, sys.prefix

    @keras_remote.run(backend="local", isolated=True)
    def outer(x):
      return f(x)[0], keras_remote.in_job()
    """,
    "mine.py",
  )
  script(
    """
    import sys, mine
    value, numpy, prefix = mine.f(41)
    print(value, numpy, prefix != sys.prefix, *mine.outer(1))
    """
  )
  printed = python("script.py").stdout.splitlines()
  assert printed[-1] == "42 False True 2 True"


def test_requirements_are_installed_once(remote, tiny_answer):
  def answer():
    import sys

    import tiny_answer  # type: ignore[import-not-found]

    return tiny_answer.ANSWER, sys.prefix

  function = remote(answer, isolated=True, requirements=[tiny_answer])
  first, second = function(), function()
  assert first == second
  assert first[0] == 42


def test_a_requirement_that_cannot_be_installed_is_told(remote, monkeypatch):
  monkeypatch.setenv("UV_OFFLINE", "1")
  function = remote(
    lambda: 1, isolated=True, requirements=["no-such-thing-4f1c9d==9.9"]
  )
  with pytest.raises(JobFailed) as caught:
    function()
  assert caught.value.reason == "InstallFailed"
  assert any("no-such-thing" in line for line in caught.value.lines)
  assert "correct the requirements" in str(caught.value.remedy)


def test_a_module_that_nothing_brings_is_told_before_anything_starts(
  remote, stored
):
  with pytest.raises(MissingModules, match="numpy") as caught:
    remote(lambda: np.zeros(3), isolated=True)()
  assert "requirements" in str(caught.value.remedy)
  assert not (stored / "jobs").exists()
