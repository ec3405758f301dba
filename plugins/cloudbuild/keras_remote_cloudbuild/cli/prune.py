"""``keras-remote image prune``."""

from __future__ import annotations

import datetime

import click

from keras_remote_cloudbuild import here
from keras_remote_cloudbuild.ages import aged
from keras_remote_cloudbuild.build_request import LOGS
from keras_remote_cloudbuild.builder import CloudBuild, use
from keras_remote_cloudbuild.building import ARCHIVES
from keras_remote_core.cli import callbacks


@click.command()
@click.option(
  "--older-than",
  callback=callbacks.duration,
  metavar="DURATION",
  required=True,
  help="Such as 30d, counted from the last job that used the image.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go; keep it.")
def prune(older_than: float, dry_run: bool) -> None:
  """Remove images that no job used for long, and what builds left behind.

  A job that is still waiting for hardware needs its image: choose an age that
  no job reaches.
  """
  builder = here.builder()
  oldest = datetime.datetime.now(datetime.UTC) - datetime.timedelta(
    seconds=older_than
  )
  images = _images(builder, oldest, dry_run)
  files = _files(builder, oldest.timestamp(), dry_run)
  verb = "would remove" if dry_run else "removed"
  click.echo(f"{verb} {images} images and {files} files of builds")


def _images(
  builder: CloudBuild, oldest: datetime.datetime, dry_run: bool
) -> int:
  old = [each.image for each in aged(builder) if each.used < oldest]
  for image in old:
    click.echo(f"{builder.repository.image(image.kind)}:{image.tag}")
    if not dry_run:
      builder.registry.remove(image)
      builder.store.delete(use(image.kind, image.tag))
  return len(old)


def _files(builder: CloudBuild, oldest: float, dry_run: bool) -> int:
  old = [
    entry.key
    for folder in (ARCHIVES, LOGS)
    for entry in builder.store.list(f"{folder}/")
    if entry.modified < oldest
  ]
  for key in old:
    if not dry_run:
      builder.store.delete(key)
  return len(old)
