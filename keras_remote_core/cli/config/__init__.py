"""``keras-remote config``."""

from __future__ import annotations

import click

from keras_remote_core.cli.lazy import LazyGroup, offers


@click.group(
  cls=LazyGroup,
  offers=offers(
    __name__,
    ("show", "values:show", "Show every setting and where it comes from."),
    ("set", "values:set_", "Set a value in the active profile."),
    ("unset", "values:unset", "Remove a value from the active profile."),
    ("profile", "profile:profile", "Keep several sets of settings."),
  ),
)
def config() -> None:
  """Show and change settings.

  Of several sources the first counts: an argument of @run, the environment,
  the active profile, the table [tool.keras-remote] of pyproject.toml.
  """
