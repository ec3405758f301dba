"""Several processes and threads on one job, and many jobs at once."""

from __future__ import annotations

import concurrent.futures

import pytest

import keras_remote
from keras_remote_core.errors import JobCancelled

COLLECT = """
import sys
import keras_remote

job = keras_remote.attach(sys.argv[1])
print(job.result(), *[line.text for line in job.logs()])
"""

CANCEL = """
import sys
import keras_remote

keras_remote.attach(sys.argv[1]).cancel()
"""


def announce_and_wait(path):
  import pathlib
  import sys
  import time

  sys.stdout.write("waiting\n")
  sys.stdout.flush()
  while not pathlib.Path(path).exists():
    time.sleep(0.02)
  return 42


def test_two_processes_collect_one_job(remote, started, tmp_path):
  job = remote(announce_and_wait).submit(str(tmp_path / "go"))
  collectors = [started("-c", COLLECT, job.id) for _ in range(2)]
  (tmp_path / "go").touch()
  answers = [each.communicate(timeout=30) for each in collectors]
  assert [out for out, _ in answers] == ["42 waiting\n"] * 2, answers


def test_threads_of_one_process_collect_one_job(remote, tmp_path):
  job = remote(announce_and_wait).submit(str(tmp_path / "go"))
  with concurrent.futures.ThreadPoolExecutor(4) as pool:
    asked = [pool.submit(job.result) for _ in range(4)]
    (tmp_path / "go").touch()
    assert [each.result() for each in asked] == [42] * 4


def test_another_process_cancels(remote, begun, python, tmp_path):
  job = remote(announce_and_wait).submit(str(tmp_path / "never"))
  begun(job)
  python("-c", CANCEL, job.id)
  with pytest.raises(JobCancelled):
    job.result()


def test_threads_submit_jobs_that_do_not_mix(remote):
  double = remote(lambda x: 2 * x)
  with concurrent.futures.ThreadPoolExecutor(4) as pool:
    assert list(pool.map(double, range(8))) == [2 * x for x in range(8)]


def test_a_job_is_found_by_its_store_where_nothing_else_is_known(
  remote, monkeypatch, tmp_path
):
  url = (tmp_path / "shared").as_uri()
  job = remote(lambda: 42, store=url).submit()
  assert job.result() == 42
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "another-home"))
  found = keras_remote.attach(f"{url}/jobs/{job.id}")
  assert (found.id, found.status()) == (job.id, job.status())
  monkeypatch.setenv("KERAS_REMOTE_STORE", url)
  assert keras_remote.attach(job.id).handle.store_url == url


@pytest.mark.parametrize(
  "name", ["absent-job", "../../etc/passwd", "", "UPPER", "file:///tmp/jobs/"]
)
def test_an_unknown_job_says_where_it_was_looked_for(name):
  with pytest.raises(keras_remote.errors.UnknownJob) as caught:
    keras_remote.attach(name)
  assert caught.value.remedy
  if name == "absent-job":
    assert "this machine's index, file://" in caught.value.message


def test_the_jobs_of_this_client_are_listed_newest_first(remote):
  jobs = [remote(lambda x: x).submit(x) for x in range(3)]
  assert [each.id for each in keras_remote.jobs()] == [
    each.id for each in reversed(jobs)
  ]
  assert [each.result() for each in keras_remote.jobs()] == [2, 1, 0]


def test_a_second_submission_uploads_no_byte_again(remote, stored, script):
  script("x = 1\n" * 1000, "big/module.py")
  function = remote(lambda: 1)
  assert function() == 1
  before = {path: path.stat() for path in (stored / "blobs").iterdir()}
  assert function() == 1
  after = {path: path.stat() for path in (stored / "blobs").iterdir()}
  assert before.keys() == after.keys()
  for path, status in before.items():
    assert after[path].st_ino == status.st_ino
    assert after[path].st_mtime_ns > status.st_mtime_ns
