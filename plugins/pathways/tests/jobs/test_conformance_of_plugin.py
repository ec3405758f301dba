"""The plugin as a whole keeps what a plugin promises, beside a cluster."""

from __future__ import annotations

import pytest

from keras_remote_core.testing import PluginConformance


@pytest.mark.usefixtures("cluster")
class TestPlugin(PluginConformance):
  name = "pathways"
