"""The side inside a job, while the network and the service misbehave."""

from __future__ import annotations

import concurrent.futures
import datetime
import email.utils
import subprocess
import sys
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core import runner_archive
from keras_remote_gcp import gcs_remote
from keras_remote_gcp.gcs_remote import api, names, trying
from keras_remote_gcp.testing.faults import Fault
from keras_remote_gcp.testing.storage import StorageServer

URL = "gs://emulated-bucket/folder"
LARGE = bytes(range(256)) * 4096 * 10
DOWNLOAD = {"alt": "media"}


@pytest.fixture
def store(storage):
  return gcs_remote.connect(URL)


def keys():
  """Every key that is one."""
  letters = st.characters(
    exclude_categories=["C", "Z"], exclude_characters="\\/"
  )
  part = st.text(letters, min_size=1, max_size=8)
  parts = part.filter(lambda each: each not in (".", ".."))
  return st.lists(parts, min_size=1, max_size=3).map("/".join)


@given(keys())
def test_whatever_is_a_key_names_an_object(any_store, key):
  any_store.write(key, key.encode())
  assert any_store.read(key) == key.encode()
  assert [found for found, _, _ in any_store.list(key)][:1] == [key]
  any_store.delete(key)
  assert not any_store.exists(key)


@given(keys())
def test_an_escaped_name_is_one_part_of_a_path(key):
  escaped = names.escaped(key)
  assert "/" not in escaped
  assert escaped.isascii()
  assert urllib.parse.unquote(escaped) == key


@pytest.fixture(scope="module")
def any_store():
  with pytest.MonkeyPatch.context() as patch:
    yield from _opened(patch)


def _opened(patch):
  with StorageServer() as server:
    server.create_bucket("emulated-bucket")
    patch.setenv("STORAGE_EMULATOR_HOST", server.server.url)
    patch.delenv("GCE_METADATA_HOST", raising=False)
    yield gcs_remote.connect(URL)


@pytest.mark.parametrize(
  "url", ["file:///a", "gs://", "gs:///a", "gs://a/b/../c", "gs://UPPER/a", ""]
)
def test_what_names_no_bucket_is_refused(url):
  with pytest.raises(ValueError, match="not a"):
    gcs_remote.connect(url)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(storage, store, status):
  storage.server.faults.inject(Fault(status=status, times=2))
  store.write("a", b"1")
  storage.server.faults.inject(Fault(status=status, times=2))
  assert store.read("a") == b"1"
  assert storage.objects("emulated-bucket") == {"folder/a": b"1"}


def test_a_service_that_names_its_time_is_given_it(storage, store):
  storage.server.faults.inject(Fault(status=429, headers={"Retry-After": "1"}))
  store.write("a", b"1")
  assert [each.method for each in storage.server.requests] == ["POST", "POST"]


def test_an_upload_whose_answer_was_lost_has_won(storage, store):
  storage.server.faults.inject(Fault(method="POST", cut=-1))
  store.write("lock", b"mine", only_if_absent=True)
  storage.server.faults.inject(Fault(method="POST", status=503, after=True))
  store.write("lock2", b"mine", only_if_absent=True)
  assert storage.server.faults.active == []


def test_an_upload_that_somebody_else_overtook_has_lost(storage, store):
  storage.overwrite("emulated-bucket", "folder/lock", b"same")
  storage.server.faults.inject(Fault(method="POST", status=503))
  with pytest.raises(FileExistsError):
    store.write("lock", b"same", only_if_absent=True)


@pytest.mark.parametrize("cut", [0, 1, 3_000_000, len(LARGE) - 1])
def test_a_download_goes_on_after_a_cut(storage, store, tmp_path, cut):
  storage.overwrite("emulated-bucket", "folder/large", LARGE)
  storage.server.faults.inject(
    Fault(query=DOWNLOAD, cut=cut), Fault(query=DOWNLOAD, cut=min(cut, 5))
  )
  store.get("large", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == LARGE
  assert storage.server.faults.active == []


def test_a_download_begins_anew_when_the_object_was_replaced(storage, store):
  storage.overwrite("emulated-bucket", "folder/a", LARGE)
  storage.server.faults.inject(
    Fault(query=DOWNLOAD, cut=500_000), Fault(query=DOWNLOAD, status=404)
  )
  assert store.read("a") == LARGE
  asked = [each.headers.get("range") for each in storage.server.requests]
  assert asked == [None, "bytes=500000-", None]


def test_bytes_that_are_not_those_that_were_stored_are_refused(
  storage, store, tmp_path
):
  storage.overwrite("emulated-bucket", "folder/a", b"right")
  headers = {
    "X-Goog-Generation": "1",
    "X-Goog-Stored-Content-Length": "5",
    "X-Goog-Hash": "crc32c=AAAAAA==,md5=AAAAAAAAAAAAAAAAAAAAAA==",
  }
  wrong = Fault(query=DOWNLOAD, status=200, body=b"wrong", headers=headers)
  storage.server.faults.inject(wrong)
  with pytest.raises(OSError, match="other bytes"):
    store.get("a", tmp_path / "target")
  assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arrived", [0, 100_000, 3_000_000])
def test_an_upload_goes_on_after_a_cut(storage, store, tmp_path, arrived):
  (tmp_path / "source").write_bytes(LARGE)
  storage.server.faults.inject(
    Fault(method="PUT", cut_upload=arrived, after=True)
  )
  store.put(tmp_path / "source", "large")
  assert storage.objects("emulated-bucket") == {"folder/large": LARGE}
  begun = arrived // (256 * 1024) * 256 * 1024
  sent = storage.server.requests[-1].headers["content-range"]
  assert sent == f"bytes {begun}-{len(LARGE) - 1}/{len(LARGE)}"


def test_a_large_upload_whose_answer_was_lost_is_not_sent_again(
  storage, store, tmp_path
):
  (tmp_path / "source").write_bytes(LARGE)
  storage.server.faults.inject(Fault(method="PUT", cut=-1))
  store.put(tmp_path / "source", "large")
  assert storage.objects("emulated-bucket") == {"folder/large": LARGE}
  asked = storage.server.requests[-1].headers["content-range"]
  assert asked == f"bytes */{len(LARGE)}"


def test_a_token_that_is_over_is_renewed(storage, store, metadata):
  store.write("a", b"1")
  metadata.tokens.revoke()
  assert store.read("a") == b"1"
  metadata.lifetime = 0
  metadata.tokens.revoke()
  metadata.lifetime = 61
  assert store.exists("a")


def test_a_token_is_used_as_long_as_it_is_good(storage, store, metadata):
  for number in range(5):
    store.write(str(number), b"")
  assert len(metadata.server.requests) == 1


def test_a_connection_is_used_again(storage, store):
  for number in range(5):
    store.write(str(number), b"")
    assert not store.exists("absent")
  assert len({each.peer for each in storage.server.requests}) == 1


def test_a_service_that_was_down_is_found_again(storage, store):
  store.write("a", b"1")
  with concurrent.futures.ThreadPoolExecutor(1) as pool:
    with storage.server.down():
      reading = pool.submit(store.read, "a")
    assert reading.result() == b"1"


def test_a_slow_bucket_is_not_waited_for_for_ever(storage, store, monkeypatch):
  monkeypatch.setattr(api, "_TIMEOUT", 0.2)
  storage.server.faults.inject(Fault(delay=1.0), Fault(delay=1.0))
  store.write("a", b"1", only_if_absent=True)
  storage.server.faults.inject(Fault(delay=0.01))
  assert store.read("a") == b"1"


def test_what_is_forbidden_is_said_in_the_services_own_words(storage, store):
  told = b'{"error": {"message": "job@p does not have access"}}'
  storage.server.faults.inject(Fault(status=403, body=told))
  with pytest.raises(PermissionError, match="job@p does not have access"):
    store.write("a", b"")


def test_who_has_no_metadata_server_is_told_so(storage, monkeypatch):
  monkeypatch.setattr(trying, "_ATTEMPTS", 1)
  monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:1")
  with pytest.raises(OSError, match=r"no metadata server at 127\.0\.0\.1:1"):
    gcs_remote.connect(URL).exists("a")


def test_a_time_ahead_of_ours_is_left_as_it_is(storage, store):
  ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
  store.write("a", b"")
  storage.renew("emulated-bucket", "folder/a", ahead)
  assert store.touch("a") is True
  modified = next(modified for _, _, modified in store.list("a"))
  assert modified == pytest.approx(ahead.timestamp(), abs=0.01)


def test_a_list_of_many_pages_is_whole(storage, store):
  wanted = [f"many/{number:04}" for number in range(1005)]
  for key in wanted:
    storage.overwrite("emulated-bucket", f"folder/{key}", b"")
  assert [key for key, _, _ in store.list("many/")] == wanted


@given(st.integers(0, 10**9))
def test_a_wait_in_seconds_is_taken_within_reason(seconds):
  assert trying.retry_after(str(seconds)) == min(seconds, 30.0)


@given(st.integers(-(10**6), 10**6))
def test_a_wait_until_a_date_is_taken_within_reason(seconds):
  then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(
    seconds=seconds
  )
  found = trying.retry_after(email.utils.format_datetime(then, usegmt=True))
  assert 0.0 <= found <= 30.0
  assert found == pytest.approx(min(30.0, max(0.0, seconds)), abs=5)


@given(st.none() | st.text())
def test_a_wait_without_sense_is_none(text):
  found = trying.retry_after(text)
  assert 0.0 <= found <= 30.0


def test_progress_counts_the_attempts_anew(monkeypatch):
  monkeypatch.setattr(trying, "_FIRST_WAIT", 0.0)
  done = []

  def attempt():
    done.append(1)
    raise trying.Transient("not yet")

  with pytest.raises(trying.Transient):
    trying.insist(attempt, lambda: min(len(done), 25))
  assert len(done) == 25 + trying._ATTEMPTS - 1


def test_it_runs_in_a_job_with_nothing_else_installed(
  storage, metadata, tmp_path
):
  pyz = tmp_path / "runner.pyz"
  pyz.write_bytes(runner_archive.pack("keras_remote_gcp.gcs_remote").data)
  script = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "import keras_remote_store\n"
    "store = keras_remote_store.connect(sys.argv[2])\n"
    "store.write('a', b'from a job', True)\n"
    "print(store.read('a').decode())\n"
  )
  done = subprocess.run(
    [sys.executable, "-I", "-S", "-c", script, str(pyz), URL],
    env={**metadata.job_environ, **storage.environ},
    capture_output=True,
    text=True,
    check=True,
  )
  assert done.stdout == "from a job\n"
