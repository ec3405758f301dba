"""A function runs on several hosts at a time, and one answer comes back."""

from __future__ import annotations

import importlib.util

import pytest

import keras_remote
from keras_remote_core.errors import JobFailed, JobTimeout
from keras_remote_core.model import Phase
from keras_remote_gke.errors import ClusterError


def tell():
  import os

  names = ("KERAS_REMOTE_PROCESS", "KERAS_REMOTE_PROCESSES", "TPU_WORKER_ID")
  told = {name: os.environ[name] for name in names if name in os.environ}
  print(sorted(told.values()))  # noqa: T201
  return told


def wait():
  import time

  print("here")  # noqa: T201
  time.sleep(600)


def fail_on_the_second():
  import os
  import time

  print("here")  # noqa: T201
  if os.environ["KERAS_REMOTE_PROCESS"] == "1":
    time.sleep(0.5)
    raise ValueError("the second one")
  time.sleep(600)


def left(cluster, job):
  return [
    plural
    for plural in ("jobs", "pods", "secrets", "services")
    for each in cluster.objects(plural)
    if each["metadata"].get("labels", {}).get("keras-remote/job-id") == job.id
  ]


def test_hosts_with_gpus_run_it_together_and_the_first_ones_value_comes(
  cluster, remote, capsys
):
  value = remote(tell, accelerator="l4", hosts=2)()
  assert value == {"KERAS_REMOTE_PROCESS": "0", "KERAS_REMOTE_PROCESSES": "2"}
  printed = capsys.readouterr().out.splitlines()
  assert sorted(printed) == ["[0] ['0', '2']", "[1] ['1', '2']"]


def test_the_hosts_of_a_tpu_slice_are_told_by_gke(cluster, remote):
  job = remote(tell, accelerator="v6e-4x4").submit()
  assert job.result(60) == {"TPU_WORKER_ID": "0"}
  assert [
    (line.worker, line.text)
    for line in sorted(job.logs(), key=lambda line: line.worker)
  ] == [(str(each), f"['{each}']") for each in range(4)]
  job.delete()
  assert left(cluster, job) == []


def test_the_failure_of_any_host_is_raised_with_what_the_others_said(
  cluster, remote
):
  job = remote(fail_on_the_second, accelerator="l4", hosts=2).submit()
  with pytest.raises(ValueError, match="the second one") as caught:
    job.result(60)
  assert "host 0 printed last:\n  here" in caught.value.__notes__
  status = job.status()
  assert (status.phase, status.reason) == (Phase.FAILED, "Raised")
  assert "the second one" in job.why()


@pytest.mark.parametrize(
  ("disrupt", "reason"),
  [
    (lambda found, pod: found.kill(pod), "Killed"),
    (lambda found, pod: found.starve(pod), "OOMKilled"),
    (lambda found, pod: found.evict(pod), "Evicted"),
  ],
)
def test_a_host_that_is_lost_fails_the_job_by_its_own_reason(
  cluster, remote, pods, disrupt, reason
):
  job = remote(wait, accelerator="l4", hosts=2).submit()
  disrupt(cluster.disruptions, pods(job)["1"])
  with pytest.raises(JobFailed) as caught:
    job.result(60)
  assert caught.value.reason == reason
  assert reason in job.why()


def test_a_host_without_a_machine_keeps_the_job_waiting(cluster, remote, until):
  job = remote(wait, accelerator="l4", hosts=3).submit()
  status = until(
    lambda: (
      (found := job.status()).reason == "Unschedulable"
      and found.phase is Phase.PENDING
      and found
    )
  )
  assert status.message.startswith("host ")
  assert "Insufficient nvidia.com/gpu" in status.message
  job.cancel()
  assert job.status().phase is Phase.CANCELLED
  assert left(cluster, job) == []


def test_waiting_for_one_host_ends_when_patience_does(cluster, remote):
  job = remote(wait, accelerator="l4", hosts=3, pending_timeout=3).submit()
  with pytest.raises(JobTimeout, match="host "):
    job.result(60)


def test_a_client_that_comes_later_gets_the_same(cluster, remote):
  job = remote(tell, accelerator="l4", hosts=2).submit()
  job.result(60)
  again = keras_remote.attach(job.id)
  assert again.result(60)["KERAS_REMOTE_PROCESS"] == "0"
  assert {line.worker for line in again.logs()} == {"0", "1"}


def test_a_job_ends_without_anybody_who_waits_for_it(cluster, remote, until):
  job = remote(tell, accelerator="l4", hosts=2).submit()
  until(lambda: "completionTime" in cluster.object("jobs", job.id)["status"])
  job.backend.delete(job.handle)
  assert left(cluster, job) == []
  again = keras_remote.attach(job.id)
  assert again.result(60)["KERAS_REMOTE_PROCESS"] == "0"
  assert {line.worker for line in again.logs()} == {"0", "1"}


def test_what_is_refused_on_the_way_leaves_nothing_behind(cluster, remote):
  cluster.deny("create", "services")
  with pytest.raises(ClusterError, match="cannot create"):
    remote(tell, accelerator="l4", hosts=2).submit()
  assert not [
    each
    for each in cluster.objects("secrets")
    if each["metadata"].get("ownerReferences") is None
  ]


def add_up(sleeper):
  import time

  import jax
  import jax.numpy as jnp

  def over_all(x):
    return jax.lax.psum(x, "host")

  mine = jnp.ones((jax.local_device_count(),)) * (1 + jax.process_index())
  total = jax.pmap(over_all, axis_name="host")(mine)
  if jax.process_index() == sleeper:
    # The other one has nothing to do any more, and may not take it down.
    time.sleep(1)
  return jax.process_count(), float(total[0])


def raise_on(raiser):
  import time

  import jax

  if jax.process_index() == raiser:
    raise ArithmeticError(jax.process_index())
  time.sleep(600)


@pytest.fixture
def jax_remote(remote):
  if importlib.util.find_spec("jax") is None:
    pytest.skip("JAX is not installed")

  def decorate(function):
    return remote(
      function,
      accelerator="l4",
      hosts=2,
      container_image="example.com/jax:1",
      env={
        "JAX_CPU_COLLECTIVES_IMPLEMENTATION": "gloo",
        "JAX_PLATFORMS": "cpu",
      },
    )

  return decorate


@pytest.mark.parametrize("sleeper", [0, 1])
def test_jax_adds_up_over_all_hosts(cluster, jax_remote, sleeper):
  assert jax_remote(add_up)(sleeper) == (2, 3.0)


@pytest.mark.parametrize("raiser", [0, 1])
def test_a_host_that_raises_does_not_wait_for_those_that_work(
  cluster, jax_remote, raiser
):
  with pytest.raises(ArithmeticError, match=str(raiser)):
    jax_remote(raise_on)(raiser)
