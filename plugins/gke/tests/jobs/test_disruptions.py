"""Pods that are killed, starved, evicted, preempted, doubled or lost."""

from __future__ import annotations

import itertools
import json
import sys
import threading

import pytest
from click.testing import CliRunner

import keras_remote
from keras_remote_core import index
from keras_remote_core.cli.main import root
from keras_remote_core.errors import JobCancelled, JobFailed
from keras_remote_core.model import Phase


def asleep(seconds):
  import sys
  import time

  sys.stdout.write("asleep\n")
  sys.stdout.flush()
  time.sleep(seconds)
  return "awake"


def twice(number):
  return 2 * number


def first_time_asleep():
  """Sleeps for ever in its first attempt, and returns in any other."""
  import os
  import sys
  import time

  again = os.environ["KERAS_REMOTE_ATTEMPT"] != "0"
  sys.stdout.write("again\n" if again else "asleep\n")
  sys.stdout.flush()
  time.sleep(0 if again else 600)
  return "awake"


def asleep_every_time(lines):
  """Tells which attempt it is, line by line, and sleeps for ever."""
  import os
  import sys
  import time

  for number in range(lines):
    told = f"attempt {os.environ['KERAS_REMOTE_ATTEMPT']}: {number}\n"
    sys.stdout.write(told)
    sys.stdout.flush()
  time.sleep(600)


def pods(cluster, job):
  found = [
    each
    for each in cluster.objects("pods")
    if each["metadata"]["labels"].get("keras-remote/job-id") == job.id
  ]
  return sorted(found, key=lambda each: each["metadata"]["creationTimestamp"])


def first_attempt(job):
  return f"jobs/{job.id}/tasks/0/attempts/0/hosts/0"


@pytest.fixture
def running(until):
  """A job's newest pod, once its function prints."""

  def wait(cluster, job):
    until(lambda: list(job.logs()))
    return pods(cluster, job)[-1]

  return wait


def why(job):
  return CliRunner().invoke(root, ["jobs", "why", job.id]).output


def failure(job):
  with pytest.raises(JobFailed) as caught:
    job.result(60)
  return caught.value


def test_a_pod_that_is_killed_is_no_riddle(cluster, remote, running):
  job = remote(asleep).submit(600)
  cluster.disruptions.kill(running(cluster, job))
  error = failure(job)
  assert error.reason == "Killed"
  assert error.lines[-1] == "asleep"
  assert "137" in why(job)


def test_a_pod_that_used_too_much_memory_names_its_limit(
  cluster, remote, running
):
  job = remote(asleep, memory="3Gi").submit(600)
  cluster.disruptions.starve(running(cluster, job))
  error = failure(job)
  assert error.reason == "OOMKilled"
  assert "3Gi" in str(error)
  assert "memory='6Gi'" in error.remedy
  assert "OOMKilled" in why(job)


@pytest.mark.parametrize(
  ("disrupt", "reason"),
  [
    (lambda found, pod: found.evict(pod), "Evicted"),
    (lambda found, pod: found.preempt(pod), "Preempted"),
    (lambda found, pod: found.shut_down(pod, 10), "NodeShutdown"),
    (lambda found, pod: found.press(pod, "ephemeral-storage"), "Evicted"),
  ],
)
def test_a_pod_that_is_taken_away_says_by_what(
  cluster, remote, running, disrupt, reason
):
  job = remote(asleep).submit(600)
  disrupt(cluster.disruptions, running(cluster, job))
  error = failure(job)
  assert error.reason == reason
  assert error.lines[-1] == "asleep"
  assert reason in why(job)


@pytest.mark.parametrize(
  "disrupt",
  [
    lambda found, pod: found.evict(pod),
    lambda found, pod: found.preempt(pod),
    lambda found, pod: found.shut_down(pod, 10),
    lambda found, pod: found.kill(pod),
    lambda found, pod: found.starve(pod),
  ],
)
def test_a_job_with_retries_starts_again_and_returns(
  cluster, remote, running, disrupt
):
  job = remote(first_time_asleep, retries=1).submit()
  pod = running(cluster, job)
  followed = []
  following = threading.Thread(
    target=lambda: followed.extend(job.logs(follow=True))
  )
  following.start()
  disrupt(cluster.disruptions, pod)
  assert job.result(60) == "awake"
  following.join(30)
  assert [line.text for line in followed] == ["asleep", "again"]
  assert [line.text for line in job.logs()] == ["asleep", "again"]


@pytest.mark.parametrize("follow", [False, True])
def test_who_comes_after_a_pod_is_gone_reads_of_each_attempt_once(
  cluster, remote, running, until, follow
):
  job = remote(asleep_every_time, retries=1).submit(3)
  until(lambda: len(list(job.logs())) == 3)
  until(lambda: list(job.store.list(f"{first_attempt(job)}/logs/")))
  gone = running(cluster, job)
  cluster.disruptions.preempt(gone)
  until(lambda: job.status().reason == "Running" and gone != pods(cluster, job))
  wanted = [f"attempt {each}: {i}" for each in (0, 1) for i in range(3)]

  def lines():
    found = job.logs(follow=follow)
    return [line.text for line in itertools.islice(found, len(wanted))]

  until(lambda: lines() == wanted)
  job.delete()


def test_what_the_function_did_itself_is_not_retried(cluster, remote):
  def fail():
    raise ValueError("on purpose")

  job = remote(fail, retries=3).submit()
  with pytest.raises(ValueError, match="on purpose"):
    job.result(60)
  assert len(pods(cluster, job)) == 1


def test_a_pod_preempted_before_it_started_says_so(own_cluster, remote, until):
  job = remote(twice, container_image="nowhere/absent:1").submit(1)
  until(lambda: job.status().reason == "ImagePull")
  own_cluster.disruptions.preempt(pods(own_cluster, job)[-1])
  assert failure(job).reason == "Preempted"


def test_a_pod_preempted_before_it_started_costs_no_attempt(
  own_cluster, images, remote, until
):
  def attempt():
    import os

    return os.environ["KERAS_REMOTE_ATTEMPT"]

  image = "later/image:1"
  job = remote(attempt, retries=1, container_image=image).submit()
  until(lambda: job.status().reason == "ImagePull")
  own_cluster.disruptions.preempt(pods(own_cluster, job)[-1])
  images[image] = sys.executable
  assert job.result(60) == "0"


def test_a_pod_that_the_controller_starts_twice_runs_the_function_once(
  cluster, remote, running, until
):
  job = remote(asleep).submit(3)
  running(cluster, job)
  cluster.start_twice(job.id)
  assert job.result(60) == "awake"
  assert [line.text for line in job.logs()].count("asleep") == 1


def test_a_job_that_somebody_deletes_is_said_to_be_deleted(
  cluster, remote, running
):
  job = remote(asleep).submit(600)
  running(cluster, job)
  site = job.backend.site()
  site.api.delete(
    f"{site.paths.jobs}/{job.id}", {"propagationPolicy": "Background"}
  )
  assert failure(job).reason == "Deleted"
  assert "somebody deleted" in why(job)


def test_a_node_that_is_lost_is_named(own_cluster, remote, running, until):
  job = remote(asleep).submit(600)
  pod = running(own_cluster, job)
  # What has not left the node yet is lost with it.
  until(
    lambda: list(
      job.store.list(f"jobs/{job.id}/tasks/0/attempts/0/hosts/0/logs/")
    )
  )
  own_cluster.disruptions.lose(pod["spec"]["nodeName"])
  own_cluster.disruptions.remove(pod["spec"]["nodeName"])
  error = failure(job)
  assert error.reason == "NodeLost"
  assert error.lines[-1] == "asleep"


def test_a_value_outlives_its_pod_its_node_and_its_job(
  own_cluster, remote, until
):
  job = remote(twice).submit(6)
  until(lambda: job.status().phase.terminal)
  own_cluster.disruptions.remove(pods(own_cluster, job)[-1]["spec"]["nodeName"])
  assert job.result(60) == 12
  job.backend.delete(job.handle)
  assert job.status().phase is Phase.SUCCEEDED
  assert job.result(60) == 12


def test_evidence_outlives_the_job(cluster, remote, running):
  job = remote(asleep, memory="3Gi").submit(600)
  cluster.disruptions.starve(running(cluster, job))
  failure(job)
  told = job.why()
  job.backend.delete(job.handle)
  assert job.why() == told
  kept = json.loads(job.store.read(f"jobs/{job.id}/evidence.json"))
  (pod,) = kept["pods"]
  assert "asleep" in pod["lines"]
  assert {each["reason"] for each in pod["events"]} >= {"Scheduled", "Started"}
  assert pod["status"]["containerStatuses"]


def test_a_cancelled_job_runs_no_longer_than_it_takes_to_say_so(
  cluster, remote, running
):
  job = remote(asleep).submit(600)
  running(cluster, job)
  job.cancel()
  assert pods(cluster, job) == []
  with pytest.raises(JobCancelled):
    job.result(60)


def test_a_cancelled_job_is_cancelled_for_a_second_machine_too(
  cluster, remote, running
):
  job = remote(asleep).submit(600)
  running(cluster, job)
  job.cancel()
  index.forget(job.id)
  with pytest.raises(JobCancelled):
    keras_remote.attach(job.id).result(60)
