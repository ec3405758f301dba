"""The s3:// store inside a job; the standard library only.

A job has this package under another name: its modules import each other by
relative names, here alone.
"""

from __future__ import annotations

import os

from .access import Access  # noqa: TID252
from .api import Api  # noqa: TID252
from .names import place  # noqa: TID252
from .store import S3Remote  # noqa: TID252


def connect(url: str) -> S3Remote:
  """Opens ``s3://bucket`` or ``s3://bucket/folder``, by the environment.

  Raises:
    PermissionError: the environment names no access key.
  """
  bucket, folder = place(url)
  return S3Remote(bucket, folder, Api(Access.of(os.environ)))
