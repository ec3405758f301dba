"""A decorated function runs as a Kubernetes Job, and everything comes back."""

from __future__ import annotations

import importlib.util
import sys

import pytest

import keras_remote
from keras_remote_core import index
from keras_remote_core.errors import JobFailed, JobTimeout
from keras_remote_core.model import Phase


def twice(number):
  return 2 * number


def count_aloud(lines):
  import sys

  for number in range(lines):
    sys.stdout.write(f"line {number}\n")
    sys.stdout.flush()


def fail():
  raise ValueError("on purpose")


def outside():
  """What the job's interpreter has of the client."""
  import importlib.util
  import os
  import sys

  found = [
    name
    for name in ("keras_remote_core", "attrs", "numpy", "kubernetes")
    if importlib.util.find_spec(name)
  ]
  return sys.executable, found, sorted(os.environ)


def held(cluster, job):
  """What the cluster still holds of a job."""
  return {
    plural
    for plural in ("jobs", "pods", "secrets")
    for each in cluster.objects(plural)
    if each["metadata"].get("labels", {}).get("keras-remote/job-id") == job.id
  }


def test_a_value_comes_back_with_the_jobs_output(cluster, remote, capsys):
  assert remote(twice)(21) == 42
  remote(count_aloud)(3)
  assert capsys.readouterr().out == "line 0\nline 1\nline 2\n"


def test_an_exception_is_raised_here_as_it_was_there(cluster, remote):
  with pytest.raises(ValueError, match="on purpose"):
    remote(fail)()


def test_a_job_runs_in_its_image_and_not_in_the_clients_environment(
  cluster, remote, monkeypatch
):
  monkeypatch.setenv("OF_THE_CLIENT", "here")
  executable, found, environ = remote(outside)()
  assert executable != sys.executable
  assert importlib.util.find_spec("keras_remote_core")
  assert found == []
  assert "OF_THE_CLIENT" not in environ
  assert "KERAS_REMOTE_KEY" not in environ


@pytest.mark.parametrize("accelerator", ["l4", "l4:spot", "v6e-8", "cpu:2"])
def test_each_kind_of_node_takes_the_jobs_that_ask_for_it(
  cluster, remote, accelerator
):
  assert remote(twice, accelerator=accelerator)(4) == 8


def test_gke_is_chosen_without_being_named(cluster, remote):
  job = remote(twice, backend=None, accelerator="l4").submit(1)
  assert job.handle.backend == "gke"
  assert job.result(60) == 2


def test_another_namespace_is_as_good_as_the_default_one(cluster, remote):
  job = remote(twice, namespace="research").submit(5)
  assert job.result(60) == 10
  assert job.handle.settings["namespace"] == "research"
  assert cluster.objects("jobs", "research")
  assert job.status().phase is Phase.SUCCEEDED


def test_a_job_that_is_done_holds_no_node_and_keeps_its_evidence(
  cluster, remote
):
  job = remote(twice).submit(1)
  assert job.result(60) == 2
  assert held(cluster, job) == {"jobs", "pods", "secrets"}
  (pod,) = [
    each
    for each in cluster.objects("pods")
    if each["metadata"]["labels"].get("keras-remote/job-id") == job.id
  ]
  assert pod["status"]["phase"] == "Succeeded"


def test_the_secret_goes_with_its_job(cluster, remote, until):
  job = remote(twice).submit(1)
  job.result(60)
  job.delete()
  until(lambda: not held(cluster, job))


def test_the_runner_is_uploaded_once_for_all_jobs(cluster, remote):
  remote(twice)(1)
  before = len(cluster.api.requests)
  remote(twice)(2)
  paths = [(each.method, each.path) for each in cluster.api.requests[before:]]
  assert ("POST", "/api/v1/namespaces/default/configmaps") not in paths


def test_a_function_that_takes_too_long_is_stopped(cluster, remote):
  def sleep():
    import time

    time.sleep(600)

  with pytest.raises(JobTimeout) as caught:
    remote(sleep, timeout=1)()
  assert caught.value.reason == "Timeout"


def test_a_requirement_is_installed_when_the_job_starts(cluster, remote):
  def use():
    import six

    return six.__version__

  assert remote(use, requirements=["six==1.17.0"])() == "1.17.0"


def test_secrets_reach_the_function_through_the_cluster_alone(
  cluster, remote, monkeypatch
):
  def digest():
    import hashlib
    import os

    return hashlib.sha256(os.environ["API_TOKEN"].encode()).hexdigest()

  import hashlib

  value = "s3cr3t-value"
  job = remote(digest, secrets={"API_TOKEN": value}).submit()
  assert job.result(60) == hashlib.sha256(value.encode()).hexdigest()
  stored = cluster.storage.objects(_bucket(cluster))
  assert not [key for key, data in stored.items() if value.encode() in data]
  assert value not in str(cluster.object("jobs", job.id))


def test_two_clusters_in_one_process_do_not_mix(
  cluster, own_cluster, remote, monkeypatch
):
  here = remote(twice).submit(1)
  for name, value in cluster.environ.items():
    monkeypatch.setenv(name, value)
  there = remote(twice).submit(2)
  assert (here.result(60), there.result(60)) == (2, 4)
  assert held(own_cluster, here)
  assert not held(own_cluster, there)
  assert held(cluster, there)


def test_jobs_are_listed_from_the_cluster_newest_first(cluster, remote):
  first, second = remote(twice).submit(1), remote(twice).submit(2)
  first.result(60), second.result(60)
  listed = [each.job_id for each in first.backend.list()]
  assert listed.index(second.id) < listed.index(first.id)


def test_a_second_machine_collects_with_the_id_and_settings_alone(
  cluster, remote
):
  job = remote(twice).submit(8)
  index.forget(job.id)
  again = keras_remote.attach(job.id)
  assert again.result(60) == 16


def test_an_unknown_job_is_answered_for(cluster, remote):
  job = remote(twice).submit(8)
  job.result(60)
  job.delete()
  assert job.status().phase is Phase.FAILED
  with pytest.raises(keras_remote.errors.UnknownJob):
    keras_remote.attach(job.id)


def test_what_the_job_fails_of_is_an_error_of_its_own(cluster, remote):
  def leave():
    import os

    os._exit(3)

  with pytest.raises(JobFailed) as caught:
    remote(leave)()
  assert caught.value.reason == "Exited"


def _bucket(cluster):
  return f"{cluster.project}-keras-remote-{cluster.name}"
