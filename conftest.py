"""Keeps tests away from the settings and folders of whoever runs them."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import hypothesis
import pytest

from keras_remote_core.model import JobHandle

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
  # A shell starts what is in its background so, and children inherit it.
  signal.signal(signal.SIGINT, signal.default_int_handler)

T = TypeVar("T")
_PATIENCE = 30.0
_MODULES = """
import sys
from keras_remote_core.cli.main import main
try:
  main()
except SystemExit as stop:
  assert not stop.code, stop.code
sys.stderr.write(" ".join(sys.modules))
"""


@pytest.fixture(autouse=True)
def hermetic(
  request: pytest.FixtureRequest,
  monkeypatch: pytest.MonkeyPatch,
  tmp_path_factory: pytest.TempPathFactory,
) -> None:
  if request.node.get_closest_marker("e2e"):
    return
  for name in [n for n in os.environ if n.startswith("KERAS_REMOTE_")]:
    monkeypatch.delenv(name)
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def handle() -> JobHandle:
  """The handle of a job that was submitted somewhere, once."""
  return JobHandle(
    job_id="train-1",
    function="train",
    backend="local",
    distribution="",
    version="",
    native_id="",
    store_url="file:///nowhere",
    created=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    accelerator="cpu",
  )


@pytest.fixture
def until() -> Callable[[Callable[[], T]], T]:
  """Waits for a condition and returns its value."""

  def wait(condition: Callable[[], T]) -> T:
    deadline = time.monotonic() + _PATIENCE
    while not (found := condition()):
      assert time.monotonic() < deadline, "it never came true"
      time.sleep(0.02)
    return found

  return wait


@pytest.fixture
def modules_after() -> Callable[..., tuple[str, set[str]]]:
  """What a command line shows, and the modules it has imported at its end."""

  def run(*arguments: str) -> tuple[str, set[str]]:
    done = subprocess.run(
      [sys.executable, "-c", _MODULES, *arguments],
      capture_output=True,
      text=True,
      check=True,
    )
    return done.stdout, set(done.stderr.split())

  return run
