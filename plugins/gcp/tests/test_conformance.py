"""Both sides of the gs:// store keep the contract of artifact stores."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from keras_remote_core import reporting
from keras_remote_core.model import Place
from keras_remote_core.roles import Context
from keras_remote_core.testing import ArtifactStoreConformance
from keras_remote_gcp import authenticator, gcs_remote
from keras_remote_gcp.gcs_store import GcsStore
from keras_remote_gcp.settings import GoogleSettings
from keras_remote_gcp.testing.faults import Fault

FORBIDDEN = Fault(status=403, times=99)
URL = "gs://emulated-bucket/folder"


def open_client() -> GcsStore:
  credentials = authenticator.credentials(GoogleSettings(), "emulated-project")
  context = Context(
    store_url=URL,
    workdir=Path(),
    report=reporting.Silent(),
    place=Place(project="emulated-project"),
    credentials=credentials,
  )
  return GcsStore(None, context)


def open_remote() -> Any:
  return gcs_remote.connect(URL)


def opened(side: str, environ: Mapping[str, str]) -> Any:
  """Opens a side in another process."""
  os.environ.update(environ)
  return {"client": open_client, "remote": open_remote}[side]()


class TestClient(ArtifactStoreConformance):
  @pytest.fixture
  def store(self, storage):
    return open_client()

  @pytest.fixture
  def opener(self, storage, metadata):
    return functools.partial(
      opened, "client", {**metadata.environ, **storage.environ}
    )

  @pytest.fixture
  def unreachable(self, storage):
    storage.server.faults.inject(FORBIDDEN)
    return open_client


class TestRemote(ArtifactStoreConformance):
  failure = OSError

  @pytest.fixture
  def store(self, storage):
    return open_remote()

  @pytest.fixture
  def opener(self, storage, metadata):
    return functools.partial(
      opened, "remote", {**metadata.job_environ, **storage.environ}
    )

  @pytest.fixture
  def unreachable(self, storage):
    storage.server.faults.inject(FORBIDDEN)
    return open_remote
