"""``keras-remote jobs``."""

from __future__ import annotations

import click

from keras_remote_core.cli.lazy import LazyGroup, offers


@click.group(
  cls=LazyGroup,
  offers=offers(
    __name__,
    ("list", "listing:list_", "List jobs, newest first."),
    ("status", "status:status", "Show where jobs stand."),
    ("why", "status:why", "Say why a job stands where it does."),
    ("logs", "logs:logs", "Print what a job prints."),
    ("result", "result:result", "Wait for a job's value."),
    ("cancel", "ending:cancel", "Stop jobs."),
    ("delete", "ending:delete", "Remove jobs and what they stored."),
    ("prune", "prune:prune", "Remove old jobs and unused files."),
  ),
)
def jobs() -> None:
  """Follow, collect and remove jobs.

  A job is named by its id, the beginning of an id that only one job of this
  machine has, or <store URL>/jobs/<id>.
  """
