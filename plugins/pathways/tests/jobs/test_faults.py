"""What befalls the parts of a job, and what a caller gets of it.

The function runs once unless retried on purpose, and nothing stays behind.
"""

from __future__ import annotations

import pytest

import keras_remote
from keras_remote_core import index
from keras_remote_core.errors import JobFailed
from keras_remote_core.model import Phase
from keras_remote_gke.testing import Node
from keras_remote_runner import keys

FOREVER = 600
GRACE = "KERAS_REMOTE_PATHWAYS_GRACE"


def counted(path, seconds):
  import time

  with open(path, "a") as file:
    file.write("once\n")
  time.sleep(seconds)
  return "done"


def counted_once(path, first):
  """Is slow the first time, and quick from then on."""
  import time

  with open(path, "a+") as file:
    file.write("once\n")
    file.seek(0)
    times = len(file.readlines())
  time.sleep(first if times == 1 else 0)
  return times


def gated(path, gate):
  """Goes on until somebody opens the gate."""
  import pathlib
  import time

  with open(path, "a") as file:
    file.write("once\n")
  while not pathlib.Path(gate).exists():
    time.sleep(0.05)
  return "done"


def raises(gate):
  """Goes on until somebody opens the gate, and then raises."""
  import pathlib
  import time

  while not pathlib.Path(gate).exists():
    time.sleep(0.05)
  raise ValueError("the slice is lost")


def ended(job):
  """Whether the job has had its last word, which nobody may have heard."""
  return job.store.exists(f"{keys.host(job.id, 0, 0, 0)}/outcome.json")


@pytest.fixture
def gate(tmp_path):
  return tmp_path / "gate"


@pytest.fixture
def begun(submit, tally, until):
  """A job whose function has begun and goes on for so many seconds."""

  def start(seconds=FOREVER, function=counted, **parameters):
    parameters.setdefault("layout", "lws")
    job = submit(function, str(tally.path), seconds, **parameters)
    until(lambda: tally.count)
    return job

  return start


@pytest.mark.parametrize("layout", ["lws", "jobset"])
def test_a_worker_that_dies_meanwhile_is_started_again(
  cluster, submit, part, tally, until, gate, layout
):
  worker = {"lws": "w2", "jobset": "w0.2"}[layout]
  job = submit(gated, str(tally.path), str(gate), layout=layout)
  cluster.disruptions.starve(part(job, worker))
  status = until(
    lambda: now if (now := job.status()).reason == "Degraded" else None
  )
  assert status.phase is Phase.RUNNING
  assert f"{worker} ended with OOMKilled" in status.message
  gate.touch()
  assert job.result(60) == "done"
  assert tally.count == 1


@pytest.mark.parametrize("layout", ["lws", "jobset"])
def test_an_exception_comes_with_what_its_worker_had_to_say(
  cluster, submit, part, until, left, gate, layout
):
  job = submit(raises, str(gate), layout=layout)
  worker = {"lws": "w2", "jobset": "w0.2"}[layout]
  cluster.disruptions.starve(part(job, worker))
  until(lambda: job.status().reason == "Degraded")
  gate.touch()
  with pytest.raises(ValueError, match="the slice is lost"):
    job.result(60)
  status = job.status()
  assert status.reason == "Raised"
  assert f"before that, {worker} ended with OOMKilled" in status.message
  tags = {line.worker for line in job.logs()}
  assert {"proxy", "rm"} <= tags
  # Of a JobSet that failed, the workers' pods are gone at once.
  assert worker in tags or layout == "jobset"
  job.delete()
  left(job)


def test_a_worker_that_dies_before_the_head_starts_changes_nothing(
  cluster, submit, part, tally, left
):
  job = submit(counted, str(tally.path), 0, layout="lws", cpu=64)
  cluster.disruptions.kill(part(job, "w1"))
  assert job.status().phase is Phase.PENDING
  cluster.add_node(Node(cpus=96))
  assert job.result(60) == "done"
  assert tally.count == 1
  left(job)


def test_a_worker_that_dies_after_the_end_changes_nothing(
  cluster, submit, part, tally, until, left
):
  job = submit(counted, str(tally.path), 0, layout="lws")
  worker = part(job, "w0")
  until(lambda: ended(job))
  cluster.disruptions.kill(worker)
  until(lambda: job.status().phase is Phase.SUCCEEDED)
  left(job)
  assert job.result(60) == "done"


def test_a_head_that_runs_out_of_memory_says_so(
  cluster, begun, part, tally, left
):
  job = begun()
  cluster.disruptions.starve(part(job, "head"))
  with pytest.raises(JobFailed) as caught:
    job.result(60)
  assert caught.value.reason == "OOMKilled"
  assert "memory=" in caught.value.remedy
  assert tally.count == 1
  assert job.status().reason == "OOMKilled"
  left(job)


def test_a_head_that_is_started_again_does_not_run_again(
  cluster, begun, part, tally, left
):
  job = begun()
  cluster.disruptions.kill(part(job, "head"))
  with pytest.raises(JobFailed) as caught:
    job.result(60)
  assert caught.value.reason == "Restarted"
  assert "head: the container exited with 137" in job.status().message
  assert tally.count == 1
  left(job)


def test_a_head_that_is_started_again_runs_again_where_that_is_wanted(
  cluster, begun, part, tally, left
):
  job = begun(function=counted_once, retries=1)
  cluster.disruptions.kill(part(job, "head"))
  assert job.result(60) == 2
  assert tally.count == 2
  left(job)


def test_a_head_that_is_moved_does_not_run_again(
  cluster, begun, part, tally, left
):
  job = begun()
  cluster.disruptions.evict(part(job, "head"))
  with pytest.raises(JobFailed):
    job.result(60)
  assert tally.count == 1
  left(job)


def test_a_group_that_is_built_anew_does_not_run_again(
  cluster, begun, part, tally, left
):
  job = begun()
  for name in ("head", "w0", "w1", "w2", "w3"):
    cluster.disruptions.evict(part(job, name))
  with pytest.raises(JobFailed):
    job.result(60)
  assert tally.count == 1
  left(job)


def test_a_job_whose_client_is_gone_ends_by_itself(
  submit, tally, left, monkeypatch
):
  monkeypatch.setenv(GRACE, "0.5")
  job = submit(counted, str(tally.path), 0, layout="lws")
  left(job)
  assert tally.count == 1
  assert job.result(60) == "done"


def test_a_job_whose_client_is_gone_ends_once_the_cluster_answers_again(
  cluster, begun, until, left, monkeypatch
):
  monkeypatch.setenv(GRACE, "0.1")
  job = begun(1)
  with cluster.api.down():
    until(lambda: ended(job))
  left(job)
  assert job.result(60) == "done"


def test_whoever_only_reads_the_log_frees_the_machines_too(submit, tally, left):
  job = submit(counted, str(tally.path), 1, layout="lws")
  assert list(job.logs(follow=True)) == []
  left(job)
  assert job.result(60) == "done"


def test_who_collects_late_frees_the_machines_that_nobody_else_would(
  submit, tally, until, left
):
  job = submit(counted, str(tally.path), 0, layout="lws", unattended=True)
  until(lambda: ended(job))
  assert job.result(60) == "done"
  left(job)


def test_who_waits_without_a_key_has_it_though_the_set_goes_before(
  begun, until, left, gate
):
  job = begun(str(gate), function=gated)
  index.forget(job.id)
  other = keras_remote.attach(job.id)
  changes = other.changes(60)
  next(changes)
  gate.touch()
  until(lambda: job.status().phase.terminal)
  left(job)
  list(changes)
  assert other.collect() == "done"


def test_a_value_is_had_though_nobody_can_be_asked_to_free_anything(
  cluster, submit, tally, left, monkeypatch
):
  monkeypatch.setenv(GRACE, "0.1")
  job = submit(counted, str(tally.path), 0, layout="lws")
  left(job)
  with cluster.api.down():
    assert job.result(60) == "done"
