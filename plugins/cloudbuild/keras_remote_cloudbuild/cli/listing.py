"""``keras-remote image list``."""

from __future__ import annotations

from typing import Any

import click

from keras_remote_cloudbuild import here
from keras_remote_cloudbuild.ages import Aged, aged
from keras_remote_core.cli import printing

_COLUMNS = ("accelerator", "tag", "created", "used", "digest")


@click.command("list")
@printing.json_option
def list_(as_json: bool) -> None:
  """List the images that are there, the most recently used first."""
  images = sorted(aged(here.builder()), key=lambda each: each.used)[::-1]
  printing.listing(_COLUMNS, [_record(each) for each in images], as_json)


def _record(each: Aged) -> dict[str, Any]:
  return {
    "accelerator": each.image.kind,
    "tag": each.image.tag,
    "created": _time(each.image.created),
    "used": _time(each.used),
    "digest": each.image.digest,
  }


def _time(time: Any) -> str:
  return f"{time:%Y-%m-%d %H:%M}"
