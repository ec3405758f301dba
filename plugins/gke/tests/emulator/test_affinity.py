"""Pods that want to be near each other, and those that do not."""

from __future__ import annotations

import pytest

from keras_remote_gke.testing import Node
from keras_remote_gke.testing.controllers import affinity

POOL = "cloud.google.com/gke-nodepool"


@pytest.fixture
def nodes():
  pools = ("a", "a", "b", "b")
  return [Node(pool=each, devices={"example.com/chip": 1}) for each in pools]


@pytest.fixture
def member(kube):
  """Starts a pod of a group that has a node pool to itself."""

  def start(name, group):
    chip = {"limits": {"example.com/chip": 1}}
    spec = kube.pod_spec(
      "import time; time.sleep(60)", container={"resources": chip}
    )
    affinity.exclusive(spec, "group", group, POOL)
    body = {"metadata": {"name": name, "labels": {"group": group}}}
    path = "/api/v1/namespaces/default/pods"
    status, made = kube.call("POST", path, {**body, "spec": spec})
    assert status == 201, made

  return start


def pool(kube, name):
  pod = kube.until("pods", lambda it: it["spec"].get("nodeName"), name)
  node = kube.cluster.object("nodes", pod["spec"]["nodeName"], "")
  return node["metadata"]["labels"][POOL]


def test_a_group_stays_in_one_pool_and_shares_it_with_no_other(kube, member):
  member("one", "x")
  first = pool(kube, "one")
  member("other", "y")
  assert pool(kube, "other") != first
  member("two", "x")
  assert pool(kube, "two") == first


def test_what_keeps_a_pod_away_is_said(kube, member):
  for name in ("one", "two"):
    member(name, "x")
    pool(kube, name)
  member("other", "y")
  pool(kube, "other")
  member("late", "z")
  stuck = kube.until(
    "pods",
    lambda it: "Unschedulable" in str(it["status"].get("conditions")),
    "late",
  )
  (condition,) = stuck["status"]["conditions"]
  said = "1 node(s) didn't match pod anti-affinity rules"
  assert said in condition["message"]
