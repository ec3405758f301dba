"""The core's own plugin keeps what a plugin promises."""

from __future__ import annotations

from keras_remote_core.testing import PluginConformance


class TestBuiltin(PluginConformance):
  name = "builtin"
