"""Google's and GitHub's APIs on this machine."""

from __future__ import annotations

import contextlib

import pytest


@pytest.fixture
def serve(monkeypatch):
  """Has whoever asks come to an emulator for as long as the test runs."""
  with contextlib.ExitStack() as stack:

    def served(made):
      for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
      stack.enter_context(made.server)
      return made

    yield served
