from __future__ import annotations

import json
import shutil
import time

import pytest

from keras_remote_core import index, places
from keras_remote_core.cli.jobs import finding
from keras_remote_core.errors import UnknownJob


def listed(cli, *options):
  return json.loads(cli("jobs", "list", "--json", *options).stdout)


def reasons(cli):
  return {each["id"]: each["reason"] for each in listed(cli)}


def eventually(holds):
  for _ in range(200):
    if holds():
      return
    time.sleep(0.05)
  assert holds()


def store_url():
  return (places.data_dir() / "store").as_uri()


def test_the_list_shows_each_job_newest_first(cli, submitted):
  first, second = submitted("plain", "number=1"), submitted("breaks")
  records = listed(cli)
  assert [each["id"] for each in records] == [second, first]
  assert [each["phase"] for each in records] == ["failed", "succeeded"]
  assert records[0]["message"] == "ValueError: no such luck"
  header, failed, succeeded = cli("jobs", "list").stdout.splitlines()
  assert header.split() == (
    "ID FUNCTION BACKEND ACCELERATOR PHASE REASON AGE".split()
  )
  assert failed.split()[:6] == [
    second,
    "breaks",
    "local",
    "cpu",
    "failed",
    "Raised",
  ]
  assert succeeded.split()[:2] == [first, "plain"]


def test_no_jobs_make_an_empty_list(cli, folder):
  assert listed(cli) == []


def test_a_job_whose_store_is_gone_is_listed_as_such(cli, submitted):
  kept, gone = submitted("plain", "number=1"), submitted("plain", "number=2")
  shutil.rmtree(places.data_dir() / "store" / "jobs" / gone)
  # For a moment the job's process is still there.
  eventually(lambda: reasons(cli) == {kept: "Returned", gone: "StoreGone"})


def test_a_job_of_a_backend_that_is_not_installed_is_listed(cli, submitted):
  job_id = submitted("plain", "number=1")
  path = places.state_dir() / "jobs" / f"{job_id}.json"
  path.write_text(path.read_text().replace('"local"', '"elsewhere"'))
  (record,) = listed(cli)
  assert record["phase"] == "unknown"
  assert "'elsewhere'" in record["reason"]


def test_all_asks_the_backends_for_jobs_this_index_does_not_have(
  cli, submitted
):
  job_id = submitted("plain", "number=1")
  index.forget(job_id)
  assert listed(cli) == []
  assert [each["id"] for each in listed(cli, "--all")] == [job_id]


def test_status_tells_of_several_jobs_and_goes_on_after_a_wrong_one(
  cli, submitted
):
  first, second = submitted("plain", "number=1"), submitted("breaks")
  done = cli("jobs", "status", first, "no-such-job", second, "--json", code=2)
  assert [each["id"] for each in json.loads(done.stdout)] == [first, second]
  assert "no job 'no-such-job'" in done.stderr


def test_why_is_a_sentence(cli, submitted):
  shown = cli("jobs", "why", submitted("breaks")).stdout
  assert shown == "failed: Raised (ValueError: no such luck)\n"


def test_logs_are_exactly_what_the_job_printed(cli, folder):
  (folder / "odd.py").write_text(
    "def f(): print('\\x1b[1m[/INST]\\x1b[0m :x:')"
  )
  job_id = cli("run", "odd.py:f", "--detach").stdout.strip()
  followed = cli("jobs", "logs", job_id, "--follow").stdout
  assert followed == "\x1b[1m[/INST]\x1b[0m :x:\n"
  assert cli("jobs", "logs", job_id).stdout == followed
  assert cli("jobs", "logs", job_id, "--since", "1h").stdout == followed
  assert cli("jobs", "logs", job_id, "--since", "0.001s").stdout == ""


def test_a_duration_that_is_none_is_a_usage_error(cli, folder):
  failed = cli("jobs", "logs", "any", "--since", "soon", code=2)
  assert "'soon' must be a positive duration" in failed.stderr


def test_a_result_is_printed_again_and_as_json(cli, submitted):
  job_id = submitted("train", "epochs=2")
  assert cli("jobs", "result", job_id).stdout == "{'epochs': 2, 'rate': 0.5}\n"
  again = cli("jobs", "result", job_id, "--json").stdout
  assert json.loads(again) == {"epochs": 2, "rate": 0.5}


def test_the_result_of_a_job_that_raised_is_its_traceback(cli, submitted):
  failed = cli("jobs", "result", submitted("breaks"), code=1)
  assert 'raise ValueError("no such luck")' in failed.stderr
  assert failed.stdout == ""


def test_without_the_jobs_key_a_result_needs_trust(cli, submitted):
  job_id = submitted("plain", "number=1")
  for path in places.state_dir().rglob(f"{job_id}.key"):
    path.unlink()
  (places.state_dir() / "local" / job_id / "key").unlink()
  assert "--trust-store" in cli("jobs", "result", job_id, code=1).stderr
  assert cli("jobs", "result", job_id, "--trust-store").stdout == "2\n"


def test_a_running_job_is_waited_for_cancelled_and_deleted(cli, folder):
  job_id = cli("run", "train.py:sleeps", "--detach").stdout.strip()
  late = cli("jobs", "result", job_id, "--timeout", "0.1s", code=1)
  assert "it goes on" in late.stderr
  assert cli("jobs", "cancel", job_id).stdout == f"cancelled {job_id}\n"
  assert cli("jobs", "cancel", job_id).stdout == f"{job_id} had ended\n"
  (record,) = listed(cli)
  assert record["phase"] == "cancelled"
  assert "was cancelled" in cli("jobs", "result", job_id, code=1).stderr
  assert cli("jobs", "delete", job_id).stdout == f"deleted {job_id}\n"
  assert listed(cli) == []


def test_several_jobs_are_deleted_and_nothing_of_them_stays(cli, submitted):
  ids = [submitted("plain", "number=1"), submitted("plain", "number=2")]
  cli("jobs", "delete", *ids)
  assert listed(cli, "--all") == []
  assert not list((places.data_dir() / "store" / "jobs").iterdir())


def test_a_job_is_found_by_its_address_in_the_store(cli, submitted):
  job_id = submitted("plain", "number=1")
  index.forget(job_id)
  address = f"{store_url()}/jobs/{job_id}"
  assert cli("jobs", "result", address).stdout == "2\n"
  assert cli("jobs", "why", address).stdout == "succeeded: Returned\n"


def test_the_beginning_of_an_id_is_enough(cli, submitted):
  job_id = submitted("plain", "number=1")
  assert cli("jobs", "result", job_id[:8]).stdout == "2\n"


def test_a_beginning_that_several_ids_have_is_refused_with_all_of_them():
  known = ["train-1", "train-12", "eval-1"]
  assert finding.completed("ev", known) == "eval-1"
  assert finding.completed("train-1", known) == "train-1"
  assert finding.completed("other", known) == "other"
  with pytest.raises(UnknownJob, match="train-1, train-12"):
    finding.completed("tr", known)


def test_my_jobs_are_those_of_my_name_wherever_they_were_submitted(
  cli, submitted, monkeypatch
):
  mine = submitted("plain", "number=1")
  monkeypatch.setenv("LOGNAME", "somebody-else")
  theirs = submitted("plain", "number=2")
  index.forget(theirs)
  index.forget(mine)
  assert {each["id"] for each in listed(cli, "--all")} == {mine, theirs}
  assert [each["id"] for each in listed(cli, "--mine")] == [theirs]


CLOUD = """
from keras_remote_core import BackendProvider, StoreProvider, hookimpl

@hookimpl
def keras_remote_artifact_stores():
  yield StoreProvider(
    name="cloud",
    summary="A store that has no default.",
    implementation="keras_remote_core.builtin.file_store:FileStore",
    remote="keras_remote_core.builtin.file_remote",
  )

@hookimpl
def keras_remote_backends():
  yield BackendProvider(
    name="cloud",
    summary="A backend that nobody has set up.",
    implementation="keras_remote_core.builtin.local.backend:LocalBackend",
    companions={"store": "cloud"},
  )
"""


def test_backends_that_nobody_set_up_are_not_asked_for_jobs(
  cli, submitted, install
):
  install("cloudy", CLOUD)
  job_id = submitted("plain", "number=1")
  done = cli("jobs", "list", "--all")
  assert job_id in done.stdout
  assert not done.stderr
