"""The backend keeps what every backend promises."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import BackendConformance


class TestSshBackend(BackendConformance):
  @pytest.fixture
  def plan(self):
    return testing.plan(backend="ssh")
