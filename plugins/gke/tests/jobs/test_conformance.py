"""The backend keeps what a backend promises, on an emulated cluster."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import BackendConformance


class TestGkeBackend(BackendConformance):
  @pytest.fixture
  def plan(self, cluster):
    return testing.plan(backend="gke")
