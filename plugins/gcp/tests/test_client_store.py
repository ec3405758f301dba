"""The side on this machine, while the network and the service misbehave."""

from __future__ import annotations

import concurrent.futures
import datetime
import json
import re

import pytest
from attrs import evolve

from keras_remote_core import opening, registry
from keras_remote_core.errors import MissingCredentials, StoreError
from keras_remote_core.model import Credentials
from keras_remote_core.settings import CoreSettings
from keras_remote_gcp import authenticator, plugin, transfers
from keras_remote_gcp.gcs_store import GcsStore
from keras_remote_gcp.settings import GoogleSettings
from keras_remote_gcp.testing.faults import Fault

BUCKET = "emulated-bucket"
PROJECT = "emulated-project"
URL = f"gs://{BUCKET}/folder"
LARGE = bytes(range(256)) * 4096 * 11
DOWNLOAD = {"alt": "media"}
ROBOT = "robot@p.iam.gserviceaccount.com"


def opened(url=URL, principal=None):
  found = authenticator.credentials(GoogleSettings(), PROJECT)
  if principal is not None:
    found = evolve(found, principal=principal)
  core = CoreSettings(project=PROJECT, zone="europe-west4-b")
  return GcsStore(None, evolve(opening.context(url, core), credentials=found))


@pytest.fixture
def store(storage):
  return opened()


@pytest.fixture
def small_parts(monkeypatch):
  """Takes files of a few megabytes for large ones."""
  monkeypatch.setattr(transfers, "_LARGE", 1024 * 1024)
  monkeypatch.setattr(transfers, "_PART", 5 * 1024 * 1024)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(storage, store, status):
  storage.server.faults.inject(Fault(status=status, times=2))
  store.write("a", b"1")
  storage.server.faults.inject(Fault(status=status, times=2))
  assert store.read("a") == b"1"


@pytest.mark.parametrize("method", ["POST", "GET", "PATCH", "DELETE"])
def test_every_verb_is_tried_again(storage, store, method):
  storage.server.faults.inject(Fault(method=method, status=503))
  store.write("a", b"1", only_if_absent=True)
  assert store.touch("a")
  assert [entry.key for entry in store.list("")] == ["a"]
  store.delete("a")
  assert not store.exists("a")
  assert storage.server.faults.active == []


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
  storage.overwrite(BUCKET, "folder/lock", b"same")
  storage.server.faults.inject(Fault(method="POST", status=503))
  with pytest.raises(FileExistsError):
    store.write("lock", b"same", only_if_absent=True)


def test_a_large_write_whose_answer_was_lost_has_won(storage, store):
  storage.server.faults.inject(Fault(method="PUT", cut=-1))
  store.write("lock", LARGE, only_if_absent=True)
  assert storage.objects(BUCKET) == {"folder/lock": LARGE}


@pytest.mark.parametrize("cut", [0, 1, 3_000_000, len(LARGE) - 1])
def test_a_download_goes_on_after_a_cut(storage, store, tmp_path, cut):
  storage.overwrite(BUCKET, "folder/large", LARGE)
  storage.server.faults.inject(
    Fault(query=DOWNLOAD, cut=cut), Fault(query=DOWNLOAD, cut=min(cut, 5))
  )
  store.get("large", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == LARGE
  assert storage.server.faults.active == []


def test_a_download_begins_anew_when_the_object_was_replaced(
  storage, store, tmp_path
):
  storage.overwrite(BUCKET, "folder/a", b"right")
  storage.server.faults.inject(Fault(query=DOWNLOAD, status=404))
  store.get("a", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == b"right"


@pytest.mark.parametrize("arrived", [0, 100_000, 3_000_000])
def test_an_upload_is_made_whole_after_a_cut(storage, store, tmp_path, arrived):
  (tmp_path / "source").write_bytes(LARGE)
  storage.server.faults.inject(
    Fault(method="POST", cut_upload=10),
    Fault(method="PUT", cut_upload=arrived, after=True),
  )
  store.put(tmp_path / "source", "large")
  assert storage.objects(BUCKET) == {"folder/large": LARGE}
  assert storage.server.faults.active == []


def test_a_slow_bucket_is_not_waited_for_for_ever(storage, store, monkeypatch):
  monkeypatch.setitem(store._options, "timeout", 0.2)
  storage.server.faults.inject(Fault(delay=1.0), Fault(delay=1.0))
  store.write("a", b"1", only_if_absent=True)
  storage.server.faults.inject(Fault(delay=0.01))
  assert store.read("a") == b"1"


def test_what_was_resumed_with_other_bytes_is_refused(storage, store, tmp_path):
  storage.overwrite(BUCKET, "folder/a", b"0123456789")
  crc32c = storage.crc32c(BUCKET, "folder/a")
  rest = Fault(
    query=DOWNLOAD,
    status=206,
    body=b"wrong",
    headers={
      "Content-Range": "bytes 5-9/10",
      "X-Goog-Hash": f"crc32c={crc32c}",
    },
  )
  for use in (
    lambda: store.read("a"),
    lambda: store.get("a", tmp_path / "target"),
  ):
    storage.server.faults.inject(Fault(query=DOWNLOAD, cut=5), rest)
    with pytest.raises(StoreError, match="other bytes"):
      use()
  assert list(tmp_path.iterdir()) == []


def test_large_files_travel_in_parts_both_ways(
  storage, store, tmp_path, small_parts
):
  (tmp_path / "source").write_bytes(LARGE)
  store.put(tmp_path / "source", "large")
  store.get("large", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == LARGE
  assert storage.objects(BUCKET) == {"folder/large": LARGE}
  parts = [r for r in storage.server.requests if "partNumber" in r.query]
  ranges = [r for r in storage.server.requests if "range" in r.headers]
  assert (len(parts), len(ranges)) == (3, 3)
  assert next(store.list("large")).modified > 0
  assert store.touch("large")


def test_parts_are_tried_again(storage, store, tmp_path, small_parts):
  (tmp_path / "source").write_bytes(LARGE)
  storage.server.faults.inject(
    Fault(method="PUT", status=503),
    Fault(method="PUT", cut_upload=100_000),
    Fault(query=DOWNLOAD, cut=100_000),
    Fault(query=DOWNLOAD, status=429),
  )
  store.put(tmp_path / "source", "large")
  store.get("large", tmp_path / "target")
  assert (tmp_path / "target").read_bytes() == LARGE
  assert storage.server.faults.active == []


def test_parts_whose_last_answer_was_lost_are_an_object(
  storage, store, tmp_path, small_parts
):
  (tmp_path / "source").write_bytes(LARGE)
  last = Fault(method="POST", query={"uploadId": "multipart-1"}, cut=-1)
  storage.server.faults.inject(last)
  store.put(tmp_path / "source", "large")
  assert storage.objects(BUCKET) == {"folder/large": LARGE}


def test_parts_that_fail_are_given_up(storage, store, tmp_path, small_parts):
  (tmp_path / "source").write_bytes(LARGE)
  storage.server.faults.inject(
    Fault(method="PUT", status=403, body=b"<Error/>")
  )
  with pytest.raises(StoreError, match="write large to"):
    store.put(tmp_path / "source", "large")
  assert storage.xml_uploads.open == 0
  assert storage.objects(BUCKET) == {}


def test_many_objects_are_deleted_with_few_requests(storage, store):
  for number in range(250):
    storage.overwrite(BUCKET, f"folder/many/{number}", b"")
  storage.overwrite(BUCKET, "folder/manyfold", b"")
  before = len(storage.server.requests)
  store.delete("many")
  assert list(storage.objects(BUCKET)) == ["folder/manyfold"]
  assert len(storage.server.requests) - before == 4


def test_what_of_a_batch_was_refused_is_deleted_again(storage, store):
  for number in range(3):
    storage.overwrite(BUCKET, f"folder/many/{number}", b"")
  storage.server.faults.inject(
    Fault(method="DELETE", path=".*1", status=503),
    Fault(method="DELETE", path=".*2", status=429),
    Fault(method="POST", path="/batch.*", status=503, after=True),
  )
  store.delete("many")
  assert storage.objects(BUCKET) == {}


def test_a_token_that_is_over_is_renewed(storage, store, metadata):
  store.write("a", b"1")
  metadata.tokens.revoke()
  assert store.read("a") == b"1"
  metadata.tokens.revoke()
  store.delete("a")
  assert not store.exists("a")


def test_one_connection_serves_one_thread(storage, store):
  for number in range(5):
    store.write(str(number), b"")
    assert store.read(str(number)) == b""
  assert len({each.peer for each in storage.server.requests}) == 1


def test_a_service_that_was_down_is_found_again(storage, store):
  store.write("a", b"1")
  with concurrent.futures.ThreadPoolExecutor(1) as pool:
    with storage.server.down():
      reading = pool.submit(store.read, "a")
    assert reading.result() == b"1"


def test_a_renewal_is_one_request(storage, store):
  store.write("a", b"1")
  before = len(storage.server.requests)
  assert store.touch("a") is True
  assert store.touch("absent") is False
  assert len(storage.server.requests) - before == 2


def test_a_time_ahead_of_ours_is_left_as_it_is(storage, store):
  ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
  store.write("a", b"")
  storage.renew(BUCKET, "folder/a", ahead)
  assert store.touch("a") is True
  assert next(store.list("a")).modified == pytest.approx(ahead.timestamp())


def test_opening_a_store_asks_for_nothing(storage):
  opened()
  assert storage.server.requests == []


def test_a_bucket_that_is_missing_comes_with_the_command(storage, tmp_path):
  absent = opened("gs://absent")
  (tmp_path / "source").write_bytes(b"")
  command = (
    "gcloud storage buckets create gs://absent --project=emulated-project"
    " --location=europe-west4 --uniform-bucket-level-access"
  )
  for use in (
    lambda: absent.write("a", b""),
    lambda: absent.put(tmp_path / "source", "a"),
    lambda: absent.read("a"),
    lambda: absent.get("a", tmp_path / "target"),
    lambda: absent.touch("a"),
    lambda: list(absent.list("")),
    lambda: absent.delete("a"),
  ):
    with pytest.raises(StoreError, match="bucket does not exist") as caught:
      use()
    assert caught.value.remedy == command


@pytest.mark.parametrize(
  ("principal", "member"),
  [
    (ROBOT, f"serviceAccount:{ROBOT}"),
    ("me@example.com", "user:me@example.com"),
    (None, '"user:$(gcloud config get account)"'),
  ],
)
def test_who_may_not_is_named_with_the_role(storage, principal, member):
  refused = opened(principal=principal)
  _refuse(storage, 403, "no storage.objects.create access to the object")
  with pytest.raises(StoreError, match="no storage") as caught:
    refused.write("a", b"")
  assert caught.value.remedy == (
    f"gcloud storage buckets add-iam-policy-binding gs://{BUCKET}"
    f" --member={member} --role=roles/storage.objectUser"
  )


@pytest.mark.parametrize(
  ("told", "remedy"),
  [
    (
      "Cloud Storage API has not been used in project p before or it is"
      " disabled",
      f"gcloud services enable storage.googleapis.com --project={PROJECT}",
    ),
    (
      "The billing account for the owning project is disabled",
      f"gcloud billing projects link {PROJECT} --billing-account=ACCOUNT",
    ),
    (
      "me@x lacks serviceusage.services.use on the quota project",
      f"gcloud auth application-default set-quota-project {PROJECT}",
    ),
  ],
)
def test_a_project_at_fault_comes_with_its_own_command(
  storage, store, told, remedy
):
  _refuse(storage, 403, told)
  with pytest.raises(StoreError, match=re.escape(told)) as caught:
    store.write("a", b"")
  assert caught.value.remedy == remedy


def test_a_login_that_ends_meanwhile_is_told(storage, store, metadata):
  metadata.tokens.revoke()
  over = json.dumps({"error": "invalid_grant"}).encode()
  metadata.server.faults.inject(
    Fault(path="/token", status=400, times=9, body=over)
  )
  with pytest.raises(StoreError, match="invalid_grant") as caught:
    store.read("a")
  assert caught.value.remedy == "gcloud auth application-default login"


def test_no_token_shows_in_an_error(storage, store):
  _refuse(storage, 403, "no")
  with pytest.raises(StoreError) as caught:
    store.write("a", b"")
  assert "ya29" not in str(caught.value) + repr(store)


def test_patience_ends(storage, store, monkeypatch):
  patient = store._options["retry"]
  monkeypatch.setitem(store._options, "retry", patient.with_timeout(0.01))
  storage.server.faults.inject(Fault(status=503, times=99, body=b"overloaded"))
  with pytest.raises(StoreError, match="overloaded") as caught:
    store.read("a")
  assert "busy" in caught.value.remedy


def test_a_file_that_is_not_there_is_no_missing_key(store, tmp_path):
  with pytest.raises(StoreError, match="source"):
    store.put(tmp_path / "source", "a")


@pytest.mark.parametrize("url", ["gs://", "gs:///a", "gs://b/a/../c"])
def test_what_names_no_bucket_is_refused(storage, url):
  with pytest.raises(StoreError, match="not a"):
    opened(url)


def test_other_credentials_open_no_bucket(storage):
  context = opening.context(URL, CoreSettings())
  context = evolve(context, credentials=Credentials(principal="me"))
  store = GcsStore(None, context)
  with pytest.raises(MissingCredentials, match="on behalf of me"):
    store.exists("key")


def test_a_project_and_a_cluster_have_a_bucket():
  core = CoreSettings(project="p", cluster="c")
  assert plugin.default_url(core) == "gs://p-keras-remote-c"
  assert plugin.default_url(CoreSettings()) is None


def test_the_engine_opens_it_by_its_url(storage, monkeypatch):
  monkeypatch.setenv("KERAS_REMOTE_PROJECT", PROJECT)
  opened = opening.here().store(URL)
  opened.write("a", b"1")
  assert storage.objects(BUCKET) == {"folder/a": b"1"}
  assert registry.installed().provider("store", "gs").log_interval == 5.0


def _refuse(storage, status, message):
  error = {"error": {"code": status, "message": message}}
  fault = Fault(status=status, body=json.dumps(error).encode())
  storage.server.faults.inject(fault)
