"""The Cloud Storage emulator, as Google's own client sees it."""

from __future__ import annotations

import concurrent.futures
import datetime
import io

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage as client_library
from google.cloud.storage import transfer_manager

from keras_remote_gcp.testing.faults import Fault
from keras_remote_gcp.testing.storage import StorageServer

MEGABYTE = 1024 * 1024


@pytest.fixture
def server(monkeypatch):
  with StorageServer() as running:
    running.create_bucket("b")
    for name, value in running.environ.items():
      monkeypatch.setenv(name, value)
    yield running


@pytest.fixture
def client(server):
  made = client_library.Client(project="p")
  yield made
  made.close()


@pytest.fixture
def bucket(client):
  return client.bucket("b")


def test_an_object_comes_back_with_its_checksums(bucket):
  bucket.blob("a/b ü.txt").upload_from_string(b"text", checksum="md5")
  found = bucket.get_blob("a/b ü.txt")
  assert found.download_as_bytes(checksum="crc32c") == b"text"
  assert (found.size, found.content_type) == (4, "text/plain")
  assert None not in (found.generation, found.md5_hash, found.crc32c)


def test_generations_grow_with_each_write(bucket):
  seen = []
  for _ in range(3):
    blob = bucket.blob("a")
    blob.upload_from_string(b"")
    seen.append(blob.generation)
  assert seen == sorted(set(seen))


def test_of_racing_writers_exactly_one_makes_the_object(bucket):
  def write(number):
    try:
      blob = bucket.blob("lock")
      blob.upload_from_string(b"%d" % number, if_generation_match=0)
    except exceptions.PreconditionFailed:
      return False
    return True

  with concurrent.futures.ThreadPoolExecutor(8) as pool:
    assert sum(pool.map(write, range(8))) == 1


def test_an_old_generation_is_gone(bucket):
  blob = bucket.blob("a")
  blob.upload_from_string(b"1")
  bucket.blob("a").upload_from_string(b"2")
  with pytest.raises(exceptions.NotFound):
    bucket.blob("a", generation=blob.generation).download_as_bytes()


def test_custom_times_never_go_back(bucket):
  blob = bucket.blob("a")
  blob.custom_time = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
  blob.upload_from_string(b"")
  blob.custom_time = datetime.datetime(2026, 5, 2, tzinfo=datetime.UTC)
  blob.patch()
  blob.custom_time = datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC)
  with pytest.raises(exceptions.BadRequest):
    blob.patch()
  assert bucket.get_blob("a").custom_time.day == 2


def test_metadata_is_merged_by_a_patch(bucket):
  blob = bucket.blob("a")
  blob.metadata = {"one": "1", "two": "2"}
  blob.upload_from_string(b"")
  blob.metadata = {"one": None, "three": "3"}
  blob.patch()
  assert bucket.get_blob("a").metadata == {"two": "2", "three": "3"}


def test_pages_hold_all_objects_in_order(client, bucket):
  names = [f"p/{number:02}" for number in range(23)]
  for name in [*names, "q"]:
    bucket.blob(name).upload_from_string(b"")
  found = client.list_blobs("b", prefix="p/", page_size=5)
  assert [blob.name for blob in found] == names
  later = client.list_blobs("b", prefix="p/", start_offset="p/20")
  assert [blob.name for blob in later] == names[20:]


def test_a_range_is_a_part(bucket):
  bucket.blob("a").upload_from_string(b"0123456789")
  blob = bucket.blob("a")
  assert blob.download_as_bytes(start=3, end=5) == b"345"
  assert blob.download_as_bytes(start=8) == b"89"
  with pytest.raises(exceptions.RequestRangeNotSatisfiable):
    blob.download_as_bytes(start=10)


@pytest.mark.parametrize("chunk", [None, 256 * 1024])
def test_a_resumable_upload_makes_one_object(server, bucket, chunk):
  data = bytes(range(256)) * 4 * 1024 * 9
  blob = bucket.blob("large", chunk_size=chunk)
  blob.upload_from_file(io.BytesIO(data), size=len(data))
  assert server.objects("b") == {"large": data}


def test_a_resumable_upload_keeps_to_its_precondition(bucket):
  bucket.blob("a").upload_from_string(b"")
  with pytest.raises(exceptions.PreconditionFailed):
    bucket.blob("a").upload_from_string(
      b"x" * 9 * MEGABYTE, if_generation_match=0
    )


def test_an_upload_that_broke_off_says_how_far_it_came(server):
  begun = requests.post(
    f"{server.server.url}/upload/storage/v1/b/b/o?uploadType=resumable",
    json={"name": "a"},
  )
  url, data = begun.headers["Location"], b"x" * MEGABYTE
  server.server.faults.inject(
    Fault(method="PUT", cut_upload=700_000, after=True)
  )
  with pytest.raises(requests.ConnectionError):
    requests.put(
      url, data, headers={"Content-Range": f"bytes 0-{len(data) - 1}/1048576"}
    )
  status = requests.put(url, headers={"Content-Range": "bytes */1048576"})
  assert (status.status_code, status.headers["Range"]) == (
    308,
    "bytes=0-524287",
  )
  rest = {"Content-Range": "bytes 524288-1048575/1048576"}
  for _ in range(2):
    assert (
      requests.put(url, data[524288:], headers=rest).json()["size"] == "1048576"
    )
  assert server.objects("b") == {"a": data}


def test_parts_in_parallel_make_one_object_without_an_md5(
  server, bucket, tmp_path
):
  data = bytes(range(256)) * 4 * 1024 * 11
  (tmp_path / "source").write_bytes(data)
  blob = bucket.blob("a/large one")
  blob.metadata = {"one": "1"}
  blob.custom_time = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
  transfer_manager.upload_chunks_concurrently(
    str(tmp_path / "source"),
    blob,
    chunk_size=5 * MEGABYTE,
    worker_type=transfer_manager.THREAD,
  )
  found = bucket.get_blob("a/large one")
  assert server.objects("b") == {"a/large one": data}
  assert (found.md5_hash, found.metadata) == (None, {"one": "1"})
  assert found.custom_time == blob.custom_time
  assert server.xml_uploads.open == 0


def test_a_batch_carries_out_its_parts(server, client, bucket):
  for name in ("a", "b", "c"):
    bucket.blob(name).upload_from_string(b"")
  with client.batch():
    bucket.delete_blob("a")
    bucket.delete_blob("c")
  assert list(server.objects("b")) == ["b"]
  with pytest.raises(exceptions.NotFound), client.batch():
    bucket.delete_blob("absent")


def test_a_fault_can_befall_a_part_of_a_batch(server, client, bucket):
  for name in ("a", "b"):
    bucket.blob(name).upload_from_string(b"")
  server.server.faults.inject(Fault(method="DELETE", path=".*/a", status=503))
  with pytest.raises(exceptions.ServiceUnavailable), client.batch():
    bucket.delete_blobs(["a", "b"])
  assert list(server.objects("b")) == ["a"]


def test_buckets_are_made_once_and_known(client):
  client.create_bucket("new")
  assert client.bucket("new").exists()
  assert not client.bucket("old").exists()
  with pytest.raises(exceptions.Conflict):
    client.create_bucket("new")
  asked = ["storage.objects.create", "storage.objects.get"]
  assert client.bucket("new").test_iam_permissions(asked) == asked


def test_what_has_no_bucket_is_told_so(client):
  with pytest.raises(exceptions.NotFound, match="bucket does not exist"):
    client.bucket("none").blob("a").upload_from_string(b"")
  with pytest.raises(exceptions.NotFound, match="No such object: b/a"):
    client.bucket("b").blob("a").download_as_bytes()


def test_bytes_that_are_not_those_that_were_meant_are_refused(bucket):
  blob = bucket.blob("a")
  blob.md5_hash = "AAAAAAAAAAAAAAAAAAAAAA=="
  with pytest.raises(exceptions.BadRequest, match="doesn't match"):
    blob.upload_from_string(b"other")


def test_a_bad_token_is_unauthorized(storage, metadata):
  url = f"{storage.server.url}/storage/v1/b/emulated-bucket/o"
  token = metadata.tokens.issue()["access_token"]
  bearing = {"Authorization": f"Bearer {token}"}
  assert requests.get(url, headers=bearing).ok
  metadata.tokens.revoke()
  for headers in (bearing, {}):
    refused = requests.get(url, headers=headers)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == 401
