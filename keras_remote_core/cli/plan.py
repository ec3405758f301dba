"""``keras-remote plan``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_core.cli import overrides, printing, targets


@click.command()
@click.argument("target", metavar="SCRIPT.PY:FUNCTION")
@overrides.options
@click.option(
  "--manifests", is_flag=True, help="Print what the backend would create."
)
@printing.json_option
def plan(
  target: str, manifests: bool, as_json: bool, **parameters: Any
) -> None:
  """Show what running a function would do, without doing any of it.

  Options override the decorator's. No credentials are needed.
  """
  function = targets.remote_function(target, overrides.gathered(**parameters))
  preview = function.preview({})
  if as_json:
    objects = {"manifests": list(preview.objects)} if manifests else {}
    printing.document({**preview.as_dict(), **objects})
  else:
    click.echo(preview.manifests() if manifests else str(preview))
