"""``keras-remote pool``."""

from __future__ import annotations

import click

from keras_remote_core.cli.lazy import LazyGroup, offers


@click.group(
  cls=LazyGroup,
  offers=offers(
    "keras_remote_pulumi_infra.commands",
    ("add", "pool_add:add", "Add machines with an accelerator."),
    ("remove", "pool_remove:remove", "Remove machines."),
    ("list", "pool_list:list_", "List the machines there can be."),
  ),
)
def pool() -> None:
  """Add, remove and list pools of machines."""
