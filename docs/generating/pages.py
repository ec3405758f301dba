"""Every generated page, by its path in the site."""

from __future__ import annotations

from collections.abc import Mapping

from generating import (
  commands,
  errors,
  hooks,
  readmes,
  roles,
  settings,
  values,
)
from keras_remote_core import registry


def every() -> Mapping[str, str]:
  """The text of each page, made of what is installed here."""
  known = registry.installed()
  return {
    **readmes.pages(),
    **hooks.pages(known),
    **roles.pages(known),
    **values.pages(),
    "reference/commands.md": commands.page(),
    "reference/errors.md": errors.page(known),
    "reference/settings.md": settings.page(known),
  }
