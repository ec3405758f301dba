"""Settings that have defaults, explain themselves and take text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from keras_remote_core import resolving, settings
from keras_remote_core.errors import InvalidSetting
from keras_remote_core.plugins import Plugin
from keras_remote_core.resolving import Sources
from keras_remote_core.testing.plugin_part import Part, defaults, of_steps

_TEXTS = ("1", "text", "a=1", "1h", "☃ {} %s")


class Settings(Part):
  def test_every_setting_has_a_default(self, plugin: Plugin) -> None:
    without = [
      provider.name
      for _, provider in of_steps(plugin)
      if provider.settings is not None and defaults(provider.settings) is None
    ]
    assert without == []

  def test_settings_cannot_be_changed(self, plugin: Plugin) -> None:
    for _, cls in _classes(plugin):
      for field in settings.fields(cls):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
          setattr(cls(), field, None)

  def test_every_setting_says_in_a_line_what_it_is(
    self, plugin: Plugin
  ) -> None:
    silent = [
      f"{name}.{field}"
      for name, cls in _classes(plugin)
      for field, attribute in settings.fields(cls).items()
      if not _line(settings.traits(attribute).help)
    ]
    assert silent == [], "settings are made by setting(default, help)"

  @pytest.mark.parametrize("text", _TEXTS)
  def test_a_setting_takes_a_text_or_says_where_it_is_wrong(
    self, plugin: Plugin, text: str
  ) -> None:
    for name, cls in _classes(plugin):
      for attribute in settings.fields(cls).values():
        variable = settings.variable(attribute, name)
        sources = Sources(environ={variable: text})
        try:
          made = resolving.resolve(cls, sources, name)
        except InvalidSetting as error:
          assert variable in error.message
        else:
          assert made.origins[attribute.name] == variable


def _classes(plugin: Plugin) -> Iterator[tuple[str, type[Any]]]:
  """Each settings class that has defaults, by the name of its provider."""
  for _, provider in of_steps(plugin):
    if provider.settings is not None and defaults(provider.settings):
      yield provider.name, provider.settings


def _line(text: str) -> bool:
  return bool(text.strip()) and text.isprintable()
