"""How a project's clusters are found, joined and made."""

from __future__ import annotations

from keras_remote_core import profiles_file


def test_a_cluster_of_ours_is_joined_with_all_that_belongs_to_it(made, cli):
  told = cli("init", "--cluster", "emulated").stdout
  assert "profile emulated is active" in told
  values = profiles_file.load().show("emulated")
  assert values["gke"] == {"service_account": "keras-remote"}


def test_a_cluster_of_others_is_joined_and_told_what_it_may_lack(cloud, cli):
  cloud.there = True
  told = cli("init", "--cluster", "emulated", "--profile", "work").stdout
  assert "profile work is active" in told
  assert "keras-remote up --adopt" in told
  assert "gke" not in profiles_file.load().show("work")
  assert cloud.pulumi.stacks(cloud.state) == []


def test_without_a_terminal_something_has_to_decide(cloud, cli):
  cloud.there = True
  refused = cli("init", code=2)
  assert "has the clusters emulated" in refused.stderr
  assert "--cluster NAME" in refused.stderr
  assert not profiles_file.path().exists()


def test_what_is_not_there_is_made(cloud, cli):
  refused = cli("init", "--cluster", "emulated", code=2)
  assert "1 cluster" in refused.stdout
  assert "--yes" in refused.stderr
