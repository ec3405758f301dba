from __future__ import annotations

import datetime
import hashlib
import json
import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core import places, pruning
from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_core.roles import Entry

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
DAY = 86400


def store():
  return places.data_dir() / "store"


def blobs():
  return {path.name for path in (store() / "blobs").iterdir()}


def age_blobs(days=2):
  then = time.time() - days * DAY
  for path in (store() / "blobs").iterdir():
    os.utime(path, (then, then))


def age_job(job_id, days=2):
  path = store() / "jobs" / job_id / "handle.json"
  document = json.loads(path.read_text())
  created = datetime.datetime.fromisoformat(document["created"])
  created -= datetime.timedelta(days=days)
  path.write_text(json.dumps({**document, "created": created.isoformat()}))


def handle(age):
  return JobHandle(
    job_id="a-job",
    function="f",
    backend="local",
    distribution="",
    version="",
    native_id="a-job",
    store_url="file:///s",
    created=NOW - datetime.timedelta(seconds=age),
    accelerator="cpu",
  )


@pytest.mark.parametrize("phase", Phase)
def test_only_a_job_that_has_ended_and_is_older_goes(phase):
  status = JobStatus(phase=phase)
  assert pruning.old(handle(age=61), status, NOW, 60) is phase.terminal
  assert not pruning.old(handle(age=59), status, NOW, 60)


DIGESTS = st.binary(max_size=3).map(lambda raw: hashlib.sha256(raw).hexdigest())


@given(
  st.dictionaries(DIGESTS, st.floats(0, 3 * DAY)), st.sets(DIGESTS, max_size=3)
)
def test_unused_blobs_are_those_of_no_manifest_and_older_than_a_day(
  ages, mentioned
):
  found = [
    Entry(f"blobs/{digest}", 1, NOW.timestamp() - age)
    for digest, age in ages.items()
  ]
  manifests = [
    f'{{"x": {{"sha256": "{each}"}}}}'.encode() for each in mentioned
  ]
  gone = {each.key[6:] for each in pruning.unused(found, manifests, NOW)}
  assert gone.isdisjoint(mentioned)
  assert all(ages[digest] >= DAY for digest in gone)
  kept = ages.keys() - gone - mentioned
  # Seconds since the epoch have no more than some microseconds' precision.
  assert all(ages[digest] <= DAY + 1e-3 for digest in kept)


def test_prune_removes_old_jobs_with_their_blobs_and_keeps_the_rest(
  cli, submitted
):
  old = submitted("plain", "number=1")
  age_job(old)
  age_blobs()
  before = blobs()
  new = submitted("plain", "number=2")
  age_blobs()
  added = blobs() - before
  shown = cli("jobs", "prune", "--older-than", "1d").stdout
  assert old in shown
  assert new not in shown
  assert not (store() / "jobs" / old).exists()
  assert added
  assert added <= blobs()
  assert before - blobs()
  assert cli("jobs", "result", new).stdout == "3\n"


def test_prune_keeps_blobs_that_a_submission_may_be_about_to_use(
  cli, submitted
):
  job_id = submitted("plain", "number=1")
  before = blobs()
  time.sleep(0.1)
  cli("jobs", "prune", "--older-than", "0.05s")
  assert not (store() / "jobs" / job_id).exists()
  assert blobs() == before


def test_a_dry_run_says_what_would_go_and_keeps_it(cli, submitted):
  job_id = submitted("plain", "number=1")
  age_blobs()
  time.sleep(0.1)
  shown = cli("jobs", "prune", "--older-than", "0.05s", "--dry-run").stdout
  assert job_id in shown
  assert f"would remove 1 jobs and {len(blobs())} files" in shown
  assert cli("jobs", "result", job_id).stdout == "2\n"


def test_prune_leaves_a_running_job_alone(cli, folder):
  job_id = cli("run", "train.py:sleeps", "--detach").stdout.strip()
  age_blobs()
  before = blobs()
  time.sleep(0.1)
  cli("jobs", "prune", "--older-than", "0.05s")
  assert blobs() == before
  assert cli("jobs", "cancel", job_id).stdout == f"cancelled {job_id}\n"


def test_prune_keeps_what_another_version_wrote(cli, submitted):
  job_id = submitted("plain", "number=1")
  age_blobs()
  path = store() / "jobs" / job_id / "handle.json"
  path.write_text(path.read_text().replace('"schema": 1', '"schema": 9'))
  before = blobs()
  time.sleep(0.1)
  done = cli("jobs", "prune", "--older-than", "0.05s")
  assert "schema 9" in done.stderr
  assert path.exists()
  assert blobs() == before


def test_prune_works_on_a_store_that_is_named(cli, submitted, tmp_path):
  submitted("plain", "number=1")
  elsewhere = (tmp_path / "elsewhere").as_uri()
  shown = cli("jobs", "prune", "--older-than", "1s", "--store", elsewhere)
  assert shown.stdout == f"{elsewhere}: removed 0 jobs and 0 files (0 bytes)\n"
