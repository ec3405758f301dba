"""When each image was last used."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from attrs import frozen

from keras_remote_cloudbuild.builder import USES, CloudBuild, use
from keras_remote_cloudbuild.registry import Stored


@frozen(kw_only=True)
class Aged:
  """An image, and when a job was last submitted with it, or it was built."""

  image: Stored
  used: datetime.datetime


def aged(builder: CloudBuild) -> Iterator[Aged]:
  """All images."""
  used = {each.key: each.modified for each in builder.store.list(f"{USES}/")}
  for image in builder.registry.images():
    seconds = used.get(use(image.kind, image.tag), 0.0)
    last = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    yield Aged(image=image, used=max(last, image.created))
