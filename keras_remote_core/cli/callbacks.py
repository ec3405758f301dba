"""Values that options take."""

from __future__ import annotations

import click

from keras_remote_core import durations


def duration(
  ctx: click.Context, param: click.Parameter, value: str | None
) -> float | None:
  """Seconds, for the ``callback`` of an option such as ``--since 10m``."""
  if value is None:
    return None
  try:
    return durations.seconds(value)
  except ValueError as error:
    raise click.BadParameter(f"{value!r} {error}", ctx, param) from error
