"""Keeps tests away from the settings and folders of whoever runs them."""

from __future__ import annotations

import datetime
import os

import hypothesis
import pytest

from keras_remote_core.model import JobHandle

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


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
