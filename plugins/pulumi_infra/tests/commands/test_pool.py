"""Pools that are added, listed and removed."""

from __future__ import annotations

import json

from keras_remote_pulumi_infra.testing.billing import sku

ADD = ("pool", "add", "--yes")


def test_a_pool_is_added_beside_what_is_there_and_removed_again(made, cli):
  added = cli(*ADD, "--accelerator", "v6e-4x4", "--spot")
  assert "+  1 node pool  v6e-4x4-spot (ct6e-standard-4t, " in added.stdout
  assert "+ made node pool v6e-4x4-spot" in added.stderr
  assert "made cluster" not in added.stderr
  assert "pool-v6e-4x4-spot" in made.names()
  removed = cli("pool", "remove", "v6e-4x4-spot", "--yes")
  assert "- removed node pool v6e-4x4-spot" in removed.stderr
  assert "pool-v6e-4x4-spot" not in made.names()


def test_what_a_pool_costs_is_unknown_where_nobody_tells(made, cli):
  shown = cli(*ADD, "--accelerator", "l4", "--preview").stdout
  assert shown.startswith("the price of g2-standard-4 is unknown\n")
  assert not [each for each in made.names() if "l4" in each]


def test_the_price_is_googles_and_has_a_date(made, cli):
  made.billing.skus.append(sku("TpuV6e running in Iowa", "TPU", "2.7"))
  shown = cli(*ADD, "--accelerator", "v6e-1", "--preview").stdout
  assert shown.startswith("ct6e-standard-1t: 2.70 USD an hour")
  assert "list price of 2026-08-07) while it runs" in shown


def test_each_slice_is_a_pool_of_its_own(made, cli):
  shown = cli(
    *ADD, "--accelerator", "v6e-4x4", "--slices", "2", "--preview"
  ).stdout
  assert "+  2 node pools" in shown
  assert "v6e-4x4-2" in shown


def test_the_accelerator_that_is_set_is_the_one_that_is_added(
  made, cli, monkeypatch
):
  refused = cli(*ADD, "--spot", code=2)
  assert "--accelerator v6e-8" in refused.stderr
  monkeypatch.setenv("KERAS_REMOTE_ACCELERATOR", "l4:spot")
  assert "l4-spot (g2-standard-4" in cli(*ADD, "--preview").stdout
  named = cli(*ADD, "--name", "mine", "--slices", "2", "--preview").stdout
  assert "mine (g2-standard-4" in named
  assert "mine-2 (g2-standard-4" in named


def test_a_cpu_pool_can_be_added_as_errors_advise(made, cli):
  shown = cli(*ADD, "--accelerator", "cpu", "--preview").stdout
  assert "+  1 node pool" in shown


def test_nothing_is_added_where_nothing_was_made(cloud, cli):
  refused = cli(*ADD, "--accelerator", "l4", code=3)
  assert "keras-remote has made nothing for cluster emulated" in refused.stderr
  assert cloud.pulumi.stacks(cloud.state) == []


def test_an_unknown_pool_answers_with_the_right_names(made, cli):
  refused = cli("pool", "remove", "l4", "--yes", code=2)
  assert "no pool 'l4' was added to cluster emulated" in refused.stderr


def test_a_pool_that_jobs_run_on_is_not_removed_unless_forced(
  made, cli, monkeypatch
):
  cli(*ADD, "--accelerator", "cpu")
  name = next(each for each in made.names() if each.startswith("pool-cpu-"))
  pool = name.removeprefix("pool-")
  made.cluster.create("nodes", node("machine", pool))
  made.cluster.create("pods", pod("train-1", "machine"))
  refused = cli("pool", "remove", pool, "--yes", code=3)
  assert f"jobs run on pool {pool}: train-1" in refused.stderr
  cli("pool", "remove", pool, "--yes", "--force")
  assert name not in made.names()


def test_the_pools_of_a_cluster_are_listed_whoever_made_them(made, cli):
  shown = cli("pool", "list").stdout.splitlines()
  assert shown[0].split()[:3] == ["NAME", "ACCELERATOR", "MACHINE"]
  (listed,) = json.loads(cli("pool", "list", "--json").stdout)
  assert listed["machine"]
  assert not listed["ours"]


def node(name, pool):
  labels = {"cloud.google.com/gke-nodepool": pool}
  return {"metadata": {"name": name, "labels": labels}, "spec": {}}


def pod(job_id, machine):
  about = {
    "name": job_id,
    "namespace": "default",
    "labels": {"keras-remote/job-id": job_id},
  }
  container = {"name": "job", "image": "python:3.11", "command": ["sleep", "9"]}
  spec = {"containers": [container], "nodeName": machine}
  return {"metadata": about, "spec": spec}
