"""What of a store is old enough to go; pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from keras_remote_core.model import JobHandle, JobStatus
from keras_remote_core.roles import Entry

_DAY = 86400.0
_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")


def old(
  handle: JobHandle,
  status: JobStatus,
  now: datetime.datetime,
  older_than: float,
) -> bool:
  """Says whether a job has ended and was submitted that many seconds ago."""
  age = (now - handle.created).total_seconds()
  return status.phase.terminal and age > older_than


def unused(
  blobs: Iterable[Entry], manifests: Iterable[bytes], now: datetime.datetime
) -> list[Entry]:
  """The blobs that no manifest mentions.

  One that is younger than a day stays: it may belong to a submission that has
  not written its manifest yet. Every digest in a manifest counts, so that
  those of other versions are understood well enough.

  Args:
    blobs: their keys end with the digest.
  """
  mentioned = {
    digest.decode()
    for manifest in manifests
    for digest in _DIGEST.findall(manifest)
  }
  return [
    blob
    for blob in blobs
    if blob.key.rpartition("/")[2] not in mentioned
    and now.timestamp() - blob.modified > _DAY
  ]
