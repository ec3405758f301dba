"""What goes wrong between client, cluster and bucket costs no job its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import keras_remote
from keras_remote_core import index
from keras_remote_core.errors import ResultUnavailable, Tampered
from keras_remote_core.model import Phase
from keras_remote_gcp.testing.faults import Fault
from keras_remote_gke.errors import ClusterUnreachable

JOBS = "/apis/batch/v1/namespaces/default/jobs"


def asleep(seconds):
  import sys
  import time

  sys.stdout.write("asleep\n")
  sys.stdout.flush()
  time.sleep(seconds)
  return "awake"


def twice(number):
  return 2 * number


def count_aloud(lines, pause):
  import sys
  import time

  for number in range(lines):
    sys.stdout.write(f"line {number}\n")
    sys.stdout.flush()
    time.sleep(pause)


def expected(lines):
  return [f"line {number}" for number in range(lines)]


@contextlib.contextmanager
def following(job):
  """The lines that somebody sees who follows a job to its end."""
  found = []

  def follow():
    found.extend(line.text for line in job.logs(follow=True))

  thread = threading.Thread(target=follow)
  thread.start()
  yield found
  thread.join(60)
  assert not thread.is_alive()


def jobs_made(cluster, job):
  return [
    each
    for each in cluster.objects("jobs")
    if each["metadata"]["name"] == job.id
  ]


def test_an_api_server_that_is_away_for_ten_seconds_is_waited_for(
  cluster, remote, until
):
  job = remote(asleep).submit(4)
  until(lambda: list(job.logs()))
  with following(job) as lines:
    with cluster.api.down():
      time.sleep(10)
    assert job.result(60) == "awake"
  assert lines == ["asleep"]


def test_a_watch_of_a_version_that_is_forgotten_begins_anew(
  cluster, remote, until
):
  job = remote(asleep).submit(3)
  waiting = threading.Thread(target=lambda: job.result(60))
  waiting.start()
  until(lambda: list(job.logs()))
  cluster.compact()
  with cluster.api.down():
    cluster.compact()
  waiting.join(60)
  assert not waiting.is_alive()
  assert job.result(60) == "awake"


def test_a_server_that_asks_for_patience_gets_it(cluster, remote):
  cluster.api.faults.inject(
    Fault(
      method="POST",
      path=JOBS,
      status=429,
      headers={"Retry-After": "1"},
      times=2,
    )
  )
  assert remote(twice)(3) == 6


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_create_whose_answer_was_lost_makes_one_job(cluster, remote, status):
  cluster.api.faults.inject(
    Fault(method="POST", path=JOBS, status=status, after=True)
  )
  job = remote(twice).submit(3)
  assert job.result(60) == 6
  assert len(jobs_made(cluster, job)) == 1


def test_a_connection_that_breaks_after_the_create_makes_one_job(
  cluster, remote
):
  cluster.api.faults.inject(Fault(method="POST", path=JOBS, after=True, cut=-1))
  job = remote(twice).submit(3)
  assert job.result(60) == 6
  assert len(jobs_made(cluster, job)) == 1


def test_a_job_is_found_again_though_the_cluster_never_said_that_it_has_it(
  cluster, remote
):
  cluster.api.faults.inject(
    Fault(method="POST", path=JOBS, after=True, cut=-1, times=99)
  )
  with pytest.raises(ClusterUnreachable, match="does not answer"):
    remote(twice).submit(3)
  cluster.api.faults.clear()
  (handle, *_) = index.handles()
  assert keras_remote.attach(handle.job_id).result(60) == 6


def test_a_token_that_expires_while_a_job_is_watched_is_renewed(
  own_cluster, remote
):
  own_cluster.metadata.lifetime = 4
  job = remote(count_aloud).submit(10, 1.0)
  with following(job) as lines:
    assert job.result(60) is None
  assert lines == expected(10)
  assert job.status().phase is Phase.SUCCEEDED


@pytest.mark.parametrize("cut", [3, 40, 333])
def test_a_log_stream_cut_in_the_middle_of_a_line_loses_none(
  cluster, remote, cut
):
  cluster.api.faults.inject(
    Fault(path=".*/log", query={"follow": "true"}, cut=cut, times=2)
  )
  job = remote(count_aloud).submit(30, 0.05)
  with following(job) as lines:
    job.result(60)
  assert lines == expected(30)


def test_logs_that_the_cluster_does_not_give_come_from_the_store(
  cluster, remote
):
  cluster.deny("get", "pods/log")
  job = remote(count_aloud).submit(5, 0.1)
  with following(job) as lines:
    job.result(60)
  assert lines == expected(5)


def test_who_begins_to_follow_late_gets_the_first_lines_too(
  cluster, remote, until
):
  job = remote(count_aloud).submit(20, 0.1)
  until(lambda: len(list(job.logs())) > 5)
  with following(job) as lines:
    job.result(60)
  assert lines == expected(20)


def test_a_slow_bucket_delays_and_loses_nothing(cluster, remote):
  cluster.storage.server.faults.inject(Fault(delay=0.3, times=12))
  job = remote(count_aloud).submit(5, 0.1)
  with following(job) as lines:
    job.result(60)
  assert lines == expected(5)


def test_a_bucket_that_is_unwell_is_asked_again_on_both_sides(cluster, remote):
  cluster.storage.server.faults.inject(
    Fault(status=503, times=2),
    Fault(method="POST", status=429, headers={"Retry-After": "1"}, times=1),
    Fault(method="POST", status=503, after=True, times=1),
  )
  assert remote(twice)(3) == 6


def test_a_result_that_somebody_removed_is_not_there(cluster, remote):
  job = finished(remote)
  cluster.storage.remove(bucket(cluster), result_of(job))
  with pytest.raises(ResultUnavailable, match="no longer in the store"):
    job.result(60)


@pytest.mark.parametrize("data", [b"", b"cos\nsystem\n(S'false'\ntR."])
def test_a_result_that_somebody_swapped_is_refused(cluster, remote, data):
  job = finished(remote)
  cluster.storage.overwrite(bucket(cluster), result_of(job), data)
  with pytest.raises(Tampered, match="nothing of it was unpickled"):
    job.result(60)


def test_an_outcome_that_somebody_forged_is_refused_from_any_machine(
  cluster, remote
):
  job, other = finished(remote), finished(remote)
  objects = cluster.storage.objects(bucket(cluster))
  place = "jobs/{}/tasks/0/attempts/0/hosts/0/outcome.json"
  forged = objects[place.format(other.id)].replace(
    other.id.encode(), job.id.encode()
  )
  cluster.storage.overwrite(bucket(cluster), place.format(job.id), forged)
  with pytest.raises(Tampered):
    job.result(60)
  index.forget(job.id)
  with pytest.raises(Tampered):
    keras_remote.attach(job.id).result(60)


CLIENT = """
import os, signal, sys
import keras_remote

@keras_remote.run(backend="gke")
def work():
  import time
  print("asleep", flush=True)
  time.sleep(1.5)
  return "awake"

job = work.submit()
print(job.id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_client_that_is_killed_leaves_a_job_that_ends_and_can_be_collected(
  cluster, remote, project, until, monkeypatch, tmp_path
):
  script = project / "client.py"
  script.write_text(CLIENT)
  client = subprocess.run(
    [sys.executable, str(script)], capture_output=True, text=True, check=False
  )
  assert client.returncode == -signal.SIGKILL, client.stderr
  job_id = client.stdout.strip()
  # As on a second machine, which has the id and the settings.
  monkeypatch.setenv("KERAS_REMOTE_HOME", str(tmp_path / "elsewhere"))
  job = keras_remote.attach(job_id)
  until(lambda: job.status().phase.terminal)
  for pod in cluster.objects("pods"):
    if pod["metadata"]["labels"].get("keras-remote/job-id") == job_id:
      assert pod["status"]["phase"] == "Succeeded"
      site = job.backend.site()
      site.api.delete(f"{site.paths.pods}/{pod['metadata']['name']}", {})
  assert job.result(60) == "awake"
  assert [line.text for line in job.logs()] == ["asleep"]


def finished(remote):
  job = remote(twice).submit(21)
  assert job.result(60) == 42
  return job


def result_of(job):
  return f"jobs/{job.id}/tasks/0/attempts/0/hosts/0/result"


def bucket(cluster):
  return f"{cluster.project}-keras-remote-{cluster.name}"


def test_nothing_of_the_users_own_configuration_is_touched(
  cluster, remote, monkeypatch, tmp_path
):
  config = tmp_path / "kubeconfig"
  config.write_text("apiVersion: v1\nkind: Config\n")
  monkeypatch.setenv("KUBECONFIG", str(config))
  before = config.stat()
  assert remote(twice)(1) == 2
  after = config.stat()
  assert (before.st_mtime_ns, before.st_atime_ns) == (
    after.st_mtime_ns,
    after.st_atime_ns,
  )
  assert os.environ["KUBECONFIG"] == str(config)
