"""``keras-remote image build``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_cloudbuild.cli import asking
from keras_remote_core.cli import overrides, printing


@click.command()
@click.argument("target", metavar="SCRIPT.PY:FUNCTION")
@overrides.options
@click.option(
  "--upgrade",
  is_flag=True,
  help="Take the newest versions of what is not pinned, for everyone.",
)
@printing.json_option
def build(target: str, upgrade: bool, as_json: bool, **parameters: Any) -> None:
  """Build the image of a function, if it is not there, and print its name."""
  asked = asking.asked(target, overrides.gathered(**parameters))
  builder = asked.online()
  if upgrade:
    builder.upgrade(asked.request)
  made = builder.build(asked.request)
  if as_json:
    printing.document({"image": made.reference})
  else:
    click.echo(made.reference)
