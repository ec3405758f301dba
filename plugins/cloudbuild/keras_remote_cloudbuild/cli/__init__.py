"""``keras-remote image``."""

from __future__ import annotations

import click

from keras_remote_core.cli.lazy import LazyGroup, offers


@click.group(
  cls=LazyGroup,
  offers=offers(
    __name__,
    ("build", "build:build", "Build a function's image, if it is not there."),
    ("show", "show:show", "Show a function's image and what goes into it."),
    ("list", "listing:list_", "List the images that are there."),
    ("prune", "prune:prune", "Remove images that nobody used for long."),
  ),
)
def image() -> None:
  """Build, show, list and remove the images that jobs run in."""
