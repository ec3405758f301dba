"""Keeps the tests away from the jobs of whoever runs them."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path_factory):
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path_factory.mktemp("home")))
  monkeypatch.setenv("KERAS_REMOTE_SSH_PYTHON", sys.executable)
