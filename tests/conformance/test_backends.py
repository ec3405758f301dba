"""The embedded backend keeps what a backend promises."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import BackendConformance


class TestLocalBackend(BackendConformance):
  @pytest.fixture
  def plan(self):
    return testing.plan(backend="local")
