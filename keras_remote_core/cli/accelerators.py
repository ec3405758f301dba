"""``keras-remote accelerators``."""

from __future__ import annotations

import attrs
import click

from keras_remote_core import registry
from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.cli import printing

_COLUMNS = ("name", "kind", "chips", "hosts", "topology", "memory")


@click.command()
@click.argument("name", required=False)
@printing.json_option
def accelerators(name: str | None, as_json: bool) -> None:
  """Show the usual sizes of every accelerator, or what NAME stands for.

  Memory is in GB per chip.
  """
  families = registry.installed().contributions("accelerator")
  found = Accelerators(families).describe(name)
  printing.listing(_COLUMNS, [attrs.asdict(each) for each in found], as_json)
