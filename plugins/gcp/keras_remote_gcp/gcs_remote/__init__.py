"""The gs:// store inside a job; the standard library only.

It speaks Cloud Storage's JSON API, with tokens of the machine's metadata server.
A job has this package under another name: its modules import each other by
relative names, here alone.
"""

from __future__ import annotations

import os

from .api import Api  # noqa: TID252
from .names import place  # noqa: TID252
from .store import GcsRemote  # noqa: TID252


def connect(url: str) -> GcsRemote:
  """Opens ``gs://bucket`` or ``gs://bucket/folder``.

  ``STORAGE_EMULATOR_HOST`` and ``GCE_METADATA_HOST`` are honoured as Google's
  own libraries do; an emulator without the latter is asked without a token.
  """
  bucket, folder = place(url)
  emulator = os.environ.get("STORAGE_EMULATOR_HOST")
  usual = None if emulator else "metadata.google.internal"
  metadata = os.environ.get("GCE_METADATA_HOST") or usual
  host = emulator or "https://storage.googleapis.com"
  return GcsRemote(bucket, folder, Api(host, metadata))
