"""``keras-remote dev``."""

from __future__ import annotations

import click

from keras_remote_core.cli.lazy import LazyGroup, offers


@click.group(
  cls=LazyGroup,
  offers=offers(
    "keras_remote_gke",
    ("cluster", "dev_cluster:cluster", "Run a GKE cluster on this machine."),
  ),
)
def dev() -> None:
  """Try things out without a cloud."""
