"""What a store says of a job does not lead its reader elsewhere."""

from __future__ import annotations

import datetime

import pytest
from attrs import evolve

from keras_remote_core import attaching, index, wire
from keras_remote_core.errors import StoreError, Tampered, UsageError
from keras_remote_core.model import JobHandle
from keras_remote_core.testing import MemoryStore
from keras_remote_runner import keys

HANDLE = JobHandle(
  job_id="train-1",
  function="train",
  backend="local",
  distribution="",
  version="",
  native_id="../../elsewhere",
  store_url="file:///elsewhere",
  created=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
  accelerator="cpu",
  settings={"project": "of-an-attacker"},
)


def stored(handle, trust_store=False, job_id="train-1"):
  store = MemoryStore()
  store.write(keys.handle(job_id), wire.encode(handle))
  return attaching.stored(job_id, "file:///here/", store, trust_store)


def test_a_handle_from_a_store_leaves_where_to_look_to_its_reader():
  found = stored(HANDLE)
  assert (found.settings, found.native_id) == ({}, "train-1")
  assert found.store_url == "file:///here"


def test_a_trusted_stores_handle_says_where_to_look_but_not_which_store():
  found = stored(HANDLE, trust_store=True)
  assert found.settings == HANDLE.settings
  assert found.store_url == "file:///here"


def test_an_unreadable_handle_says_which_and_where():
  store = MemoryStore()
  store.write(keys.handle("train-1"), b"{}")
  with pytest.raises(UsageError, match=r"train-1/handle.json in file:///here"):
    attaching.stored("train-1", "file:///here", store)


def test_another_jobs_handle_is_refused():
  with pytest.raises(Tampered, match=r"train-2.*of job train-1"):
    stored(HANDLE, job_id="train-2")


@pytest.mark.parametrize("job_id", ["../x", "a/b", "", "-a", "A", "a" * 41])
def test_an_id_that_could_name_a_folder_elsewhere_is_no_id(job_id):
  data = wire.encode(HANDLE).replace(b'"train-1"', f'"{job_id}"'.encode())
  with pytest.raises(UsageError, match="not a job handle"):
    wire.decode_handle(data)


def test_one_unreadable_handle_does_not_hide_the_others():
  index.remember(HANDLE, bytes(32))
  index.remember(evolve(HANDLE, job_id="train-2"), bytes(32))
  path = next(index._folder().glob("train-2.json"))
  path.write_text('{"schema": 99}')
  assert [each.job_id for each in index.handles()] == ["train-1"]


def test_a_store_that_cannot_be_read_is_not_said_to_lack_the_job():
  class Away(MemoryStore):
    def read(self, key):
      raise StoreError("no network")

  with pytest.raises(StoreError, match="no network"):
    attaching.stored("train-1", "memory://", Away())
