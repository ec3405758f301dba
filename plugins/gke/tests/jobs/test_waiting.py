"""Jobs that do not start, or wait, say why and what helps."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from keras_remote_core import index
from keras_remote_core.cli.main import root
from keras_remote_core.errors import JobTimeout, NoBackend
from keras_remote_core.model import Phase
from keras_remote_gke.errors import ClusterError, NoCluster


def twice(number):
  return 2 * number


def why(job):
  done = CliRunner().invoke(root, ["jobs", "why", job.id])
  assert done.exit_code == 0, done.output
  return done.output


@pytest.fixture
def reason(until):
  """Waits until a job gives a reason, and returns its status."""

  def wait(job, name):
    until(lambda: job.status().reason == name)
    return job.status()

  return wait


def test_an_image_that_is_nowhere_is_named(cluster, remote, reason):
  job = remote(twice, container_image="nowhere/absent:1").submit(1)
  status = reason(job, "ImagePull")
  assert status.phase is Phase.PENDING
  assert "nowhere/absent:1" in why(job)
  assert "container_image=" in why(job)
  job.delete()


def test_an_accelerator_without_a_pool_is_refused_before_anything_is_sent(
  cluster, remote
):
  before = set(cluster.storage.objects(_bucket(cluster)))
  with pytest.raises(NoBackend, match="h100x8") as caught:
    remote(twice, accelerator="h100x8").submit(1)
  assert "pool add --accelerator h100x8" in caught.value.remedy
  assert set(cluster.storage.objects(_bucket(cluster))) == before


def test_a_job_that_no_node_takes_says_so(cluster, remote, reason):
  job = remote(twice, node_pool="nowhere").submit(1)
  assert reason(job, "NoNodePool").phase is Phase.PENDING
  assert "gke-nodepool=nowhere" in why(job)
  job.delete()


def test_a_node_that_is_full_is_told_from_one_that_is_not_there(
  cluster, remote, reason
):
  job = remote(twice, cpu="31", memory="500Gi").submit(1)
  assert "Insufficient memory" in reason(job, "Unschedulable").message
  job.delete()


@pytest.mark.parametrize(
  ("event", "message", "name"),
  [
    ("FailedScaleUp", "GCE quota exceeded: GPUS_ALL_REGIONS", "Quota"),
    ("FailedScaleUp", "GCE out of resources: us-central1-a", "NoCapacity"),
    ("TriggeredScaleUp", "pod triggered scale-up: [pool 0->1]", "ScalingUp"),
  ],
)
def test_what_the_autoscaler_says_is_the_reason(
  cluster, remote, reason, until, event, message, name
):
  job = remote(twice, cpu="31", memory="500Gi").submit(1)
  reason(job, "Unschedulable")
  pod = next(
    each
    for each in cluster.objects("pods")
    if each["metadata"]["labels"].get("keras-remote/job-id") == job.id
  )
  cluster.say(pod, event, message)
  assert message in reason(job, name).message
  job.delete()


def test_a_watch_tells_a_new_reason_when_it_comes(cluster, remote):
  job = remote(twice, cpu="31", memory="500Gi").submit(1)
  for status in job.changes(timeout=30):
    if status.reason == "Unschedulable":
      (pod,) = [
        each
        for each in cluster.objects("pods")
        if each["metadata"]["labels"].get("keras-remote/job-id") == job.id
      ]
      cluster.say(pod, "TriggeredScaleUp", "pool 0->1")
    if status.reason == "ScalingUp":
      break
  job.delete()


def test_a_service_account_that_is_not_there_is_named(cluster, remote, reason):
  job = remote(twice, service_account="nobody").submit(1)
  status = reason(job, "PodsRefused")
  assert 'serviceaccount "nobody" not found' in status.message
  assert "service_account=" in status.remedy
  job.delete()


def test_a_job_that_waits_too_long_is_stopped_with_its_reason(cluster, remote):
  job = remote(twice, node_pool="nowhere", pending_timeout=2).submit(1)
  with pytest.raises(JobTimeout, match="NoNodePool"):
    job.result()
  assert job.status().phase is Phase.CANCELLED


def test_a_queue_that_has_not_admitted_a_job_is_no_failure(
  cluster, remote, reason
):
  job = remote(twice, node_pool="nowhere").submit(1)
  reason(job, "NoNodePool")
  _suspend(job)
  assert reason(job, "Queued").phase is Phase.PENDING
  job.delete()


def test_a_cluster_that_does_not_exist_is_told_before_packing_ends(
  cluster, remote
):
  with pytest.raises(NoCluster, match="it has emulated in us-central1-a"):
    remote(twice, cluster="mistyped").submit(1)


def test_a_namespace_that_does_not_exist_is_refused_at_once(cluster, remote):
  with pytest.raises(ClusterError, match='namespaces "nowhere" not found'):
    remote(twice, namespace="nowhere").submit(1)


def test_whoever_may_not_create_jobs_is_told_what_to_ask_for(cluster, remote):
  cluster.deny("create", "jobs")
  with pytest.raises(ClusterError, match="may not create jobs") as caught:
    remote(twice).submit(1)
  assert "roles/container.developer" in caught.value.remedy


def test_what_is_refused_after_all_leaves_no_secret(cluster, remote):
  cluster.deny("create", "jobs")
  remote_function = remote(twice)
  _pretend_that_it_is_allowed(cluster)
  with pytest.raises(ClusterError, match="cannot create resource"):
    remote_function.submit(1)
  (handle, *_) = index.handles()
  names = [each["metadata"]["name"] for each in cluster.objects("secrets")]
  assert handle.job_id not in names


def test_a_job_whose_secret_may_not_be_handed_to_it_is_taken_back(
  cluster, remote, until
):
  cluster.deny("patch", "secrets")
  with pytest.raises(ClusterError, match="cannot patch resource"):
    remote(twice).submit(1)
  (handle, *_) = index.handles()
  until(
    lambda: (
      not [
        each
        for plural in ("jobs", "pods", "secrets")
        for each in cluster.objects(plural)
        if each["metadata"].get("labels", {}).get("keras-remote/job-id")
        == handle.job_id
      ]
    )
  )


def _bucket(cluster):
  return f"{cluster.project}-keras-remote-{cluster.name}"


def _suspend(job):
  site = job.backend.site()
  site.api.patch(f"{site.paths.jobs}/{job.id}", {"spec": {"suspend": True}})


def _pretend_that_it_is_allowed(cluster):
  from keras_remote_gcp.testing.faults import Fault

  answer = {"status": {"allowed": True}}
  cluster.api.faults.inject(
    Fault(
      path=".*/selfsubjectaccessreviews",
      status=201,
      body=json.dumps(answer).encode(),
    )
  )
