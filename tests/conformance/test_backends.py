"""The core's own backends keep what a backend promises."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import BackendConformance, Capabilities


class TestLocalBackend(BackendConformance):
  @pytest.fixture
  def plan(self):
    return testing.plan(backend="local")


class TestInstantBackend(BackendConformance):
  capabilities = Capabilities(detached=False, jobs=False, key=False)

  @pytest.fixture
  def plan(self):
    return testing.plan(backend="instant")
