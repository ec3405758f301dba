"""What ``keras-remote status`` tells, also where there is little to tell."""

from __future__ import annotations

import json


def test_all_parts_of_a_cluster_are_told(made, cli):
  shown = cli("status").stdout
  assert "emulated: running in us-central1-a" in shown
  assert f"{made.state}: there, and not locked" in shown
  assert "service account  keras-remote: ok" in shown
  assert "gs://emulated-project-keras-remote-emulated: there" in shown
  found = json.loads(cli("status", "--json").stdout)
  assert found["control_plane"]["status"] == "running"
  assert found["stack"]["exists"]
  assert found["jobs"] == []
  assert found["pools"][0]["machine"]


def test_where_nothing_is_it_says_so_and_makes_nothing(cloud, cli):
  shown = cli("status", "--cluster", "mistyped").stdout
  assert "there is no cluster; make it: keras-remote up" in shown
  assert cloud.pulumi.calls() == []
  assert not [
    each
    for each in cloud.cluster.storage.server.requests
    if each.method != "GET"
  ]


def test_a_part_that_does_not_tell_leaves_the_others(made, cli, monkeypatch):
  monkeypatch.setenv("PATH", "/nowhere")
  shown = cli("status").stdout
  assert "stack" in shown
  assert "not known: the Pulumi CLI is not installed" in shown
  assert "emulated: running" in shown
