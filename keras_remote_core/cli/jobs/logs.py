"""``keras-remote jobs logs``."""

from __future__ import annotations

import sys
import time

import click

from keras_remote_core import blocking
from keras_remote_core.cli import callbacks
from keras_remote_core.cli.jobs import finding


@click.command()
@click.argument("job")
@click.option("--follow", "-f", is_flag=True, help="Go on until the job ends.")
@click.option(
  "--since",
  callback=callbacks.duration,
  metavar="DURATION",
  help="Only what is younger, such as 10m.",
)
def logs(job: str, follow: bool, since: float | None) -> None:
  """Print what a job prints, exactly as printed."""
  found = finding.attach(job)
  start = None if since is None else time.time() - since
  for line in found.logs(follow=follow, since=start):
    # Not by click, which changes text for pipes.
    sys.stdout.write(blocking.line_text(line, found.handle.processes) + "\n")
    sys.stdout.flush()
