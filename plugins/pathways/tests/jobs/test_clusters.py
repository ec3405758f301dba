"""Clusters that differ in what is installed, allowed and free."""

from __future__ import annotations

import pytest
from attrs import evolve

from keras_remote_core.errors import KerasRemoteError, NoBackend, UsageError
from keras_remote_core.model import Phase
from keras_remote_core.testing import functions
from keras_remote_core.testing.site import Site
from keras_remote_gcp.testing.faults import Fault
from keras_remote_pathways import checks

FOREVER = 600
CREATE = {"method": "POST", "path": ".*/leaderworkersets"}
QUOTA = b'{"reason": "Forbidden", "message": "exceeded quota: sets"}'


@pytest.fixture
def cluster(start, installed, nodes, project, monkeypatch):
  """A cluster of the test's own."""
  with start(nodes, **installed) as made:
    for name, value in made.environ.items():
      monkeypatch.setenv(name, value)
    yield made


@pytest.fixture
def installed():
  return {"lws": "0.10.0"}


@pytest.fixture
def nodes(both_slices):
  return both_slices


@pytest.fixture
def one_slice(both_slices):
  return [each for each in both_slices if each.pool == "a"]


def kinds(cluster):
  every = ("leaderworkersets", "jobsets")
  known = {each.plural for each in cluster.resources}
  return [n for n in every if n in known and cluster.objects(n)]


@pytest.mark.parametrize("installed", [{"jobset": True}])
def test_a_cluster_without_sets_gets_a_job_set(cluster, submit):
  job = submit(functions.sleep, FOREVER)
  assert kinds(cluster) == ["jobsets"]
  job.delete()


@pytest.mark.parametrize("installed", [{"lws": "0.10.0", "jobset": True}])
def test_a_cluster_with_both_gets_a_set(cluster, submit):
  job = submit(functions.sleep, FOREVER)
  assert kinds(cluster) == ["leaderworkersets"]
  job.delete()


@pytest.mark.parametrize("installed", [{}])
def test_a_cluster_with_neither_is_told_what_to_install(cluster, submit):
  with pytest.raises(KerasRemoteError, match="no LeaderWorkerSet") as caught:
    submit(functions.add, 1)
  assert "kubectl apply --server-side -f https://" in caught.value.remedy
  assert "keras-remote up" in caught.value.remedy


def test_a_layout_that_is_not_installed_names_the_other(cluster, submit):
  with pytest.raises(KerasRemoteError, match="no JobSet") as caught:
    submit(functions.add, 1, layout="jobset")
  assert caught.value.remedy.endswith("or layout='lws'")


@pytest.mark.parametrize("installed", [{"lws": "0.5.1"}])
def test_an_old_controller_gets_a_layout_that_works_there(
  cluster, submit, part, left
):
  job = submit(functions.sleep, 2)
  head, worker = part(job, "head"), part(job, "w0")
  pools = [
    each["spec"]["nodeName"].rpartition("-")[0] for each in (head, worker)
  ]
  assert pools[0] == pools[1]
  assert job.result(60) == "awake"
  left(job)


def test_who_may_not_create_roles_is_told_what_to_accept(cluster, submit):
  cluster.deny("create", "roles")
  with pytest.raises(KerasRemoteError, match="may not create roles") as caught:
    submit(functions.add, 1)
  assert "layout='jobset'" in caught.value.remedy
  assert "unattended=True" in caught.value.remedy
  assert kinds(cluster) == []


def test_what_is_unattended_needs_no_role_and_ends_with_its_client(
  cluster, submit, until, left
):
  cluster.deny("create", "roles")
  job = submit(functions.sleep, 1, unattended=True)
  until(lambda: job.status().phase.terminal)
  assert job.result() == "awake"
  left(job)


@pytest.mark.parametrize("layout", ["lws", "jobset"])
@pytest.mark.parametrize("installed", [{"lws": "0.10.0", "jobset": True}])
def test_a_quota_for_one_slice_of_two_is_named(
  cluster, submit, until, layout, one_slice
):
  blocker = submit(functions.sleep, FOREVER, layout=layout)
  until(lambda: blocker.status().phase is Phase.RUNNING)
  job = submit(functions.sleep, 1, slices=2, layout=layout)
  waiting = until(lambda: pending(cluster))
  told = "Quota 'TPU_LITE_PODSLICE_V6' exceeded"
  for each in waiting:
    cluster.say(each, "FailedScaleUp", told)
  status = until(lambda: of_reason(job, "Quota"))
  assert status.phase is Phase.PENDING
  assert told in status.message
  assert "quotas" in status.remedy
  for node in one_slice:
    cluster.add_node(evolve(node, pool="late"))
  assert job.result(60) == "awake"


@pytest.mark.parametrize(
  ("settings", "said"),
  [
    ({"accelerator": "v5p-2x2x2"}, "0 node pools have v5p-2x2x2"),
    ({"slices": 3}, "2 node pools have v6e-4x4, and each of 3 slices"),
    ({"head_pool": "b"}, "b is no pool without TPUs"),
  ],
)
def test_what_would_wait_for_ever_is_refused(cluster, submit, settings, said):
  with pytest.raises(NoBackend, match=said) as caught:
    submit(functions.add, 1, **settings)
  assert "keras-remote pool add" in caught.value.remedy
  assert kinds(cluster) == []


def test_a_set_whose_creation_was_not_answered_is_created_once(
  cluster, plan_of, tmp_path, left
):
  site = Site.of(plan_of(), tmp_path)
  submission, handle = site.unsubmitted(functions.add, 1)
  site.made.backend.prepare(submission.plan)
  cluster.api.faults.inject(Fault(**CREATE, status=503, after=True))
  site.made.backend.submit(submission, handle)
  assert len(cluster.objects("leaderworkersets")) == 1
  assert site.job(handle).backend.status(handle).phase is not Phase.FAILED
  site.job(handle).delete()
  left(site.job(handle))


def test_a_set_that_is_refused_leaves_nothing_behind(
  cluster, plan_of, tmp_path, left
):
  site = Site.of(plan_of(), tmp_path)
  submission, handle = site.unsubmitted(functions.add, 1)
  site.made.backend.prepare(submission.plan)
  cluster.api.faults.inject(Fault(**CREATE, status=403, body=QUOTA))
  with pytest.raises(KerasRemoteError, match="exceeded quota"):
    site.made.backend.submit(submission, handle)
  left(site.job(handle))


def test_a_jax_without_an_image_is_refused_before_anything_is_there(
  cluster, plan_of, tmp_path
):
  plan = plan_of(image_tag=None, requirements=("jax==0.4.38",))
  with pytest.raises(UsageError, match=r"no image for jax 0\.4\.38"):
    Site.of(plan, tmp_path).submit(functions.add, 1)
  assert kinds(cluster) == []
  assert list(cluster.storage.objects(bucket(cluster))) == []


@pytest.mark.parametrize(
  ("installed", "ok", "said"),
  [
    ({}, False, "no LeaderWorkerSet"),
    ({"lws": "0.5.1"}, False, "older than 0.6"),
    ({"lws": "0.10.0"}, True, "leaderworkersets"),
    ({"jobset": True}, True, "jobsets"),
  ],
)
def test_doctor_looks_for_what_jobs_become(cluster, ok, said):
  found = checks.layout()
  assert (found.ok, bool(found.remedy)) == (ok, not ok)
  assert said in found.message


def test_doctor_looks_for_verbs(cluster):
  assert checks.permissions().ok
  cluster.deny("create", "roles")
  cluster.deny("watch", "leaderworkersets")
  found = checks.permissions()
  assert not found.ok
  assert "watch leaderworkersets, create roles" in found.message


@pytest.mark.parametrize(
  ("slices", "pool", "ok", "said"),
  [
    ("2", "default-pool", True, "slices of v6e-4x4 on a, b"),
    ("3", "default-pool", False, "2 node pools have v6e-4x4"),
    ("1", "a", False, "a is no pool without TPUs"),
  ],
)
def test_doctor_looks_for_machines(
  cluster, monkeypatch, slices, pool, ok, said
):
  assert "no slice of several machines" in checks.pools().message
  monkeypatch.setenv("KERAS_REMOTE_ACCELERATOR", "v6e-4x4")
  monkeypatch.setenv("KERAS_REMOTE_PATHWAYS_SLICES", slices)
  monkeypatch.setenv("KERAS_REMOTE_PATHWAYS_HEAD_POOL", pool)
  found = checks.pools()
  assert (found.ok, bool(found.remedy)) == (ok, not ok)
  assert said in found.message


def bucket(cluster):
  return f"{cluster.project}-keras-remote-{cluster.name}"


def pending(cluster):
  """Pods that have no machine, once there are four of them."""
  found = [
    each for each in cluster.objects("pods") if not each["spec"].get("nodeName")
  ]
  return found if len(found) == 4 else None


def of_reason(job, reason):
  status = job.status()
  return status if status.reason == reason else None
