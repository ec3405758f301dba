"""A plugin that is found, named, and cheap to list."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Any

import pytest

from keras_remote_core import hookspecs
from keras_remote_core import registry as registries
from keras_remote_core.plugins import Plugin
from keras_remote_core.registry import Registry
from keras_remote_core.testing import fresh
from keras_remote_core.testing.plugin_part import Part, providers

# What the core itself has loaded when it lists plugins on a terminal.
_CORES = frozenset({"attr", "attrs", "click", "packaging", "pluggy"})


class Loading(Part):
  @pytest.fixture(scope="class")
  @classmethod
  def listed(cls) -> Any:
    """What a fresh interpreter imports and changes when it lists the plugin."""
    told, errors = fresh.answer(fresh.LISTING, cls.name)
    assert told is not None, errors
    return told

  def test_it_is_found_and_can_be_used(self, plugin: Plugin) -> None:
    assert plugin.error is None
    assert plugin.distribution
    assert plugin.version

  def test_it_provides_something(self, plugin: Plugin) -> None:
    manager = hookspecs.manager()
    manager.register(plugin.module)
    assert manager.get_hookcallers(plugin.module)

  def test_it_takes_no_name_of_another_plugin(self, registry: Registry) -> None:
    errors = {each.name: each.error for each in registry.plugins}
    assert errors[self.name] is None

  def test_listing_it_imports_nothing_heavy(
    self, plugin: Plugin, listed: Any
  ) -> None:
    allowed = {*_CORES, *self.light, *_own(plugin), *sys.stdlib_module_names}
    heavy = [
      name
      for name in listed["modules"]
      if name not in allowed and not name.startswith("keras_remote")
    ]
    assert heavy == [], "import these in the functions that need them"

  def test_listing_it_does_nothing_else(self, listed: Any) -> None:
    assert listed["changed"] == []

  def test_the_command_line_lists_it(
    self, plugin: Plugin, monkeypatch: pytest.MonkeyPatch
  ) -> None:
    monkeypatch.delenv(registries.DISABLED, raising=False)
    asked = ("plugins", "list", "--json")
    records, errors = fresh.answer(fresh.COMMAND_LINE, *asked)
    assert records is not None, errors
    told = {each["name"]: each for each in records}
    assert told[self.name] == {
      "name": plugin.name,
      "distribution": plugin.distribution,
      "version": plugin.version,
      "provides": plugin.provides,
      "error": None,
    }


def _own(plugin: Plugin) -> set[str]:
  """The top-level modules that are the plugin's."""
  dotted = [provider.implementation for _, provider in providers(plugin)]
  entries = importlib.metadata.entry_points(
    group=hookspecs.GROUP, name=plugin.name
  )
  modules = [entry.module for entry in entries]
  return {name.partition(".")[0] for name in (*modules, *dotted)}
