"""The plugin and its backend keep what all of them promise."""

from __future__ import annotations

import pytest

from keras_remote_core import testing
from keras_remote_core.testing import BackendConformance, PluginConformance


class TestPlugin(PluginConformance):
  name = "ssh"


class TestSshBackend(BackendConformance):
  @pytest.fixture
  def plan(self):
    return testing.plan(backend="ssh")
