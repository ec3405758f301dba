"""The core's own stores keep what a store promises, on both sides."""

from __future__ import annotations

import functools

import pytest

from keras_remote_core import testing
from keras_remote_core.builtin import file_remote
from keras_remote_core.builtin.file_store import FileStore
from keras_remote_core.reporting import Silent
from keras_remote_core.roles import Context
from keras_remote_core.testing import ArtifactStoreConformance, MemoryStore


class TestFileStore(ArtifactStoreConformance):
  @pytest.fixture
  def opener(self, tmp_path):
    url = (tmp_path / "store").as_uri()
    context = Context(store_url=url, workdir=tmp_path, report=Silent())
    return functools.partial(FileStore, None, context)

  @pytest.fixture
  def store(self, opener):
    return opener()


class TestFileStoreInAJob(ArtifactStoreConformance):
  failure = OSError

  @pytest.fixture
  def opener(self, tmp_path):
    url = (tmp_path / "store").as_uri()
    return functools.partial(file_remote.connect, url)

  @pytest.fixture
  def store(self, opener):
    return opener()


class TestMemoryStore(ArtifactStoreConformance):
  @pytest.fixture
  def store(self):
    return MemoryStore()


def test_what_is_offered_to_plugin_authors_is_there():
  for name in testing.__all__:
    assert getattr(testing, name)
  with pytest.raises(AttributeError, match="no attribute 'absent'"):
    _ = testing.absent
