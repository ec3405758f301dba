"""``keras-remote jobs cancel`` and ``delete``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_core.cli.jobs import finding
from keras_remote_core.job import Job


@click.command()
@click.argument("jobs", metavar="JOB...", nargs=-1, required=True)
def cancel(jobs: tuple[str, ...]) -> None:
  """Stop jobs; one that has ended stays as it is."""

  def stop(job: Job[Any]) -> None:
    if job.status().phase.terminal:
      click.echo(f"{job.id} had ended")
      return
    job.cancel()
    click.echo(f"cancelled {job.id}")

  finding.for_each(jobs, stop)


@click.command()
@click.argument("jobs", metavar="JOB...", nargs=-1, required=True)
def delete(jobs: tuple[str, ...]) -> None:
  """Remove jobs and all that is stored of them, except their outputs.

  A job that has not ended is cancelled first.
  """

  def remove(job: Job[Any]) -> None:
    job.delete()
    click.echo(f"deleted {job.id}")

  finding.for_each(jobs, remove)
