"""Google's services as the tests of this plugin need them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keras_remote_gcp.testing.metadata import MetadataServer
from keras_remote_gcp.testing.storage import StorageServer

BUCKET = "emulated-bucket"


@pytest.fixture
def metadata() -> Iterator[MetadataServer]:
  with MetadataServer() as running:
    yield running


@pytest.fixture
def storage(
  metadata: MetadataServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StorageServer]:
  """A bucket that asks for tokens of the metadata server."""
  with StorageServer(metadata) as running:
    running.create_bucket(BUCKET)
    for name, value in {**metadata.environ, **running.environ}.items():
      monkeypatch.setenv(name, value)
    yield running
