"""A cluster that others made, joined and left again."""

from __future__ import annotations

import pytest

POOL = {
  "workloadIdentityConfig": {"workloadPool": "emulated-project.svc.id.goog"}
}
ADOPT = ("up", "--yes", "--adopt", "--controllers", "")


@pytest.fixture
def theirs(cloud):
  cloud.there = True
  cloud.more.update(POOL)
  return cloud


def test_only_what_it_lacks_is_made_and_only_that_is_removed(theirs, cli):
  done = cli(*ADOPT)
  assert "cluster emulated, which is there" in done.stdout
  assert "+ made bucket" in done.stderr
  assert not {"cluster", "network", "pool-cpu"} & set(theirs.names())
  account = theirs.cluster.object("serviceaccounts", "keras-remote")
  assert account
  added = cli("pool", "add", "--accelerator", "l4", "--yes")
  assert "+ made node pool l4" in added.stderr
  gone = cli("down", "--yes", "--cluster", "emulated", "--delete-data")
  assert "the cluster itself" in gone.stdout
  assert "- removed node pool l4" in gone.stderr
  with pytest.raises(KeyError):
    theirs.cluster.object("serviceaccounts", "keras-remote")


def test_one_on_which_jobs_could_not_run_is_refused_with_the_fix(theirs, cli):
  theirs.more.clear()
  refused = cli(*ADOPT, code=2)
  assert "has Workload Identity turned off" in refused.stderr
  assert "gcloud container clusters update emulated" in refused.stderr


def test_one_that_is_not_there_cannot_be_joined(cloud, cli):
  refused = cli(*ADOPT, code=3)
  assert "has no cluster 'emulated' in us-central1-a" in refused.stderr
  assert cloud.pulumi.stacks(cloud.state) == []
