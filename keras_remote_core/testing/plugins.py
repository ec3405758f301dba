"""What a plugin as a whole promises, as tests to subclass."""

from __future__ import annotations

import pytest

from keras_remote_core import plugins
from keras_remote_core.plugins import Plugin
from keras_remote_core.registry import Registry
from keras_remote_core.testing.plugin_contents import Contents
from keras_remote_core.testing.plugin_decisions import Decisions
from keras_remote_core.testing.plugin_loading import Loading
from keras_remote_core.testing.plugin_settings import Settings


class PluginConformance(Loading, Contents, Settings, Decisions):
  """Subclass with ``name``, the name of the plugin's entry point.

  The plugin has to be installed, be it editable. Its checks are run: fixtures
  can prepare what they look at.

  Attributes:
    name: of the entry point in the group ``keras_remote.v1``.
    light: top-level modules of other distributions that may be imported when
      plugins are listed.
    patience: seconds that all checks together take at the very most.
  """

  @pytest.fixture
  def registry(self, listed: object) -> Registry:
    """Everything that is installed, this plugin included."""
    del listed  # comes first, before anything is imported here
    return Registry(plugins.discover())

  @pytest.fixture
  def plugin(self, listed: object) -> Plugin:
    """The plugin alone; whether it can be used is for the tests to say."""
    del listed
    found = [each for each in plugins.discover() if each.name == self.name]
    assert found, f"no installed distribution has the entry point {self.name!r}"
    return found[0]
