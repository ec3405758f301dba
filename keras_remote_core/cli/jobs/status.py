"""``keras-remote jobs status`` and ``why``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_core.cli import printing
from keras_remote_core.cli.jobs import finding, standing
from keras_remote_core.job import Job

_COLUMNS = ("id", "phase", "reason", "message", "remedy")


@click.command()
@click.argument("jobs", metavar="JOB...", nargs=-1, required=True)
@printing.json_option
def status(jobs: tuple[str, ...], as_json: bool) -> None:
  """Show where jobs stand, and what helps."""
  records: list[dict[str, Any]] = []

  def ask(job: Job[Any]) -> None:
    records.append(standing.of(job).record())

  try:
    finding.for_each(jobs, ask)
  finally:
    printing.listing(_COLUMNS, records, as_json)


@click.command()
@click.argument("job")
def why(job: str) -> None:
  """Say in a sentence why a job stands where it does, and what helps."""
  click.echo(finding.attach(job).why())
