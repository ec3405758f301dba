"""``keras-remote jobs result``."""

from __future__ import annotations

import click

from keras_remote_core.cli import callbacks, printing
from keras_remote_core.cli.jobs import finding


@click.command()
@click.argument("job")
@click.option(
  "--timeout",
  callback=callbacks.duration,
  metavar="DURATION",
  help="How long to wait, such as 10m; the job goes on.",
)
@click.option(
  "--trust-store",
  is_flag=True,
  help="Collect even where the job's key cannot be read: whoever can write"
  " to the store could then run code here.",
)
@printing.json_option
def result(
  job: str, timeout: float | None, trust_store: bool, as_json: bool
) -> None:
  """Wait for a job and print the value it returned, or what it raised."""
  found = finding.attach(job, trust_store)
  printing.value(found.result(timeout), as_json)
