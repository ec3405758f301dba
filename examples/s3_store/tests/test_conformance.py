"""Both sides of the s3:// store keep the contract of artifact stores."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core import reporting
from keras_remote_core.roles import Context
from keras_remote_core.testing import ArtifactStoreConformance

URL = "s3://emulated-bucket/folder"
STRANGER = {"AWS_SECRET_ACCESS_KEY": "of-somebody-else"}


def opened(side: str, environ: Mapping[str, str]) -> Any:
  """Opens a side in another process."""
  from keras_remote_s3 import s3_remote
  from keras_remote_s3.s3_store import S3Store

  os.environ.update(environ)
  if side == "remote":
    return s3_remote.connect(URL)
  context = Context(store_url=URL, workdir=Path(), report=reporting.Silent())
  return S3Store(None, context)


class TestClient(ArtifactStoreConformance):
  @pytest.fixture
  def store(self, client):
    return client

  @pytest.fixture
  def opener(self, s3):
    return functools.partial(opened, "client", s3.environ)

  @pytest.fixture
  def unreachable(self, s3):
    return functools.partial(opened, "client", {**s3.environ, **STRANGER})


class TestRemote(ArtifactStoreConformance):
  failure = OSError

  @pytest.fixture
  def store(self, remote):
    return remote

  @pytest.fixture
  def opener(self, s3):
    return functools.partial(opened, "remote", s3.environ)

  @pytest.fixture
  def unreachable(self, s3):
    return functools.partial(opened, "remote", {**s3.environ, **STRANGER})
