"""What goes wrong on the way, and what is wrong with a request."""

from __future__ import annotations

import os
import socket

import pytest
from keras_remote_s3 import s3_remote
from keras_remote_s3.s3_remote import trying
from keras_remote_s3.s3_remote.access import Access
from keras_remote_s3.s3_remote.api import Api
from keras_remote_s3.s3_remote.signing import Request

from keras_remote_core.errors import MissingCredentials, StoreError

URL = "s3://emulated-bucket/folder"
PART = 5 * 1024 * 1024
LARGE = bytes(range(256)) * 20_000


@pytest.fixture
def gone(s3, monkeypatch):
  """No service where the environment names one."""
  with socket.create_server(("127.0.0.1", 0)) as held:
    port = held.getsockname()[1]
  monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{port}")


def uploads():
  """What is begun in the bucket and never ended."""
  asked = Request("GET", "/emulated-bucket", {"uploads": ""})
  return Api(Access.of(os.environ)).ask(asked).data


@pytest.mark.parametrize("kind", ["slow", "lost"])
def test_a_busy_or_silent_service_is_asked_again(store, s3, kind):
  s3.spoil(kind, "PUT", times=2)
  store.write("a", b"value")
  s3.spoil(kind, "GET", times=2)
  assert store.read("a") == b"value"
  s3.spoil(kind, "HEAD", times=2)
  assert store.exists("a")


def test_a_claim_whose_answer_was_lost_is_ones_own(store, s3):
  s3.spoil("lost", "PUT")
  store.write("marker", b"mine", only_if_absent=True)
  assert store.read("marker") == b"mine"
  with pytest.raises(FileExistsError):
    store.write("marker", b"theirs", only_if_absent=True)


def test_a_download_goes_on_where_the_connection_broke(store, s3, tmp_path):
  store.write("large", LARGE)
  s3.spoil("cut", "GET", times=2)
  store.get("large", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == LARGE
  s3.spoil("cut", "GET")
  assert store.read("large") == LARGE


def test_what_is_replaced_while_it_is_read_is_read_anew(remote, s3, tmp_path):
  remote.write("large", LARGE)
  s3.spoil("replaced", "GET")
  remote.get("large", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == LARGE[::-1]


def test_an_upload_in_parts_survives_a_busy_service(
  remote, s3, tmp_path, monkeypatch
):
  monkeypatch.setattr("keras_remote_s3.s3_remote.multipart.LARGE", PART)
  (tmp_path / "source").write_bytes(LARGE * 3)
  s3.spoil("slow", "PUT", "partNumber=2")
  remote.put(tmp_path / "source", "large")
  assert remote.read("large") == LARGE * 3


def test_an_upload_in_parts_that_fails_leaves_nothing(
  remote, s3, tmp_path, monkeypatch
):
  monkeypatch.setattr("keras_remote_s3.s3_remote.multipart.LARGE", PART)
  (tmp_path / "source").write_bytes(LARGE * 3)
  s3.spoil("denied", "PUT", "partNumber=2")
  with pytest.raises(PermissionError):
    remote.put(tmp_path / "source", "large")
  assert not remote.exists("large")
  assert b"<Upload>" not in uploads()


def test_what_is_too_large_to_be_copied_at_once_is_renewed_in_parts(
  remote, monkeypatch
):
  module = "keras_remote_s3.s3_remote.multipart"
  monkeypatch.setattr(f"{module}.COPIED_AT_ONCE", PART)
  monkeypatch.setattr(f"{module}._COPIED_PART", PART)
  remote.write("large", LARGE * 3)
  assert remote.touch("large") is True
  assert remote.read("large") == LARGE * 3


def test_a_copy_that_fails_late_is_tried_again(remote, s3):
  remote.write("a", b"value")
  s3.spoil("late", "PUT")
  assert remote.touch("a") is True


@pytest.mark.parametrize(
  ("kind", "told", "remedy"),
  [
    ("denied", "AccessDenied", "allow the key s3:ListBucket"),
    ("forged", "SignatureDoesNotMatch", "export AWS_ACCESS_KEY_ID="),
    ("unknown", "InvalidAccessKeyId", "export AWS_ACCESS_KEY_ID="),
    ("moved", "redirect", "export AWS_REGION="),
  ],
)
def test_a_refusal_says_what_helps(client, s3, kind, told, remedy):
  client.write("a", b"value")
  uses = {
    "GET": lambda: client.read("a"),
    "PUT": lambda: client.touch("a"),
  }
  for method, use in uses.items():
    s3.spoil(kind, method)
    with pytest.raises(StoreError) as caught:
      use()
    assert "s3://emulated-bucket" in caught.value.message
    assert told.lower() in caught.value.message.lower()
    assert caught.value.remedy.startswith(remedy)


def test_a_bucket_that_is_not_there_is_no_missing_key(s3, opened):
  store = opened("s3://not-there")
  with pytest.raises(StoreError) as caught:
    store.read("a")
  assert caught.value.remedy == "aws s3 mb s3://not-there"


def test_a_url_without_a_bucket_is_refused(opened):
  with pytest.raises(StoreError) as caught:
    opened("s3:///folder")
  assert caught.value.remedy == "name a bucket: store='s3://bucket/folder'"


def test_without_keys_the_first_request_says_what_to_export(
  client, monkeypatch
):
  monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
  for use in (lambda: client.read("a"), lambda: client.touch("a")):
    with pytest.raises(MissingCredentials) as caught:
      use()
    assert "AWS_SECRET_ACCESS_KEY not set" in caught.value.message
    assert caught.value.remedy.startswith("export AWS_ACCESS_KEY_ID=")


def test_a_service_that_is_gone_is_given_up(opened, gone):
  with pytest.raises(StoreError) as caught:
    opened(URL).read("a")
  assert caught.value.remedy.startswith("check the network")


def test_a_service_that_is_gone_is_given_up_in_a_job(gone, monkeypatch):
  monkeypatch.setattr(trying, "_FIRST_WAIT", 0.001)
  with pytest.raises(OSError, match="ConnectionRefusedError"):
    s3_remote.connect(URL).read("a")
