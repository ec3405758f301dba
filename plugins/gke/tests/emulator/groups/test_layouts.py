"""LeaderWorkerSets whose leader shares the workers' machines, or their start."""

from __future__ import annotations

import pytest

from keras_remote_gke.testing import Node

PREFIX = "leaderworkerset.sigs.k8s.io/"
POOL = "cloud.google.com/gke-nodepool"


@pytest.fixture
def nodes():
  slices = [
    Node(
      pool=f"slice-{number}",
      devices={"google.com/tpu": 4},
      labels={"example.com/slice": "yes"},
    )
    for number in range(2)
    for _ in range(2)
  ]
  return [Node(), *slices]


@pytest.fixture
def body(pod):
  def made(annotation=None, *, leader=None, spec=None, **template):
    about = {annotation: POOL} if annotation else {}
    return {
      "metadata": {"name": "set", "annotations": about},
      "spec": {
        "leaderWorkerTemplate": {
          "size": 2,
          "restartPolicy": "None",
          "workerTemplate": pod(tpus=4),
          **({"leaderTemplate": leader} if leader else {}),
          **template,
        },
        **(spec or {}),
      },
    }

  return made


def pool(groups, name):
  node = groups.running(name)["spec"]["nodeName"]
  return groups.cluster.object("nodes", node, "")["metadata"]["labels"][POOL]


def env(pod):
  return {
    e["name"]: e.get("value") for e in pod["spec"]["containers"][0]["env"]
  }


def test_a_leader_with_tpus_is_the_first_of_its_slice(groups, body):
  groups.make("leaderworkersets", body(f"{PREFIX}exclusive-topology"))
  assert pool(groups, "set-0") == pool(groups, "set-0-1")
  leader, worker = groups.running("set-0"), groups.running("set-0-1")
  assert env(leader)["TPU_WORKER_ID"] == "0"
  assert env(worker)["TPU_WORKER_ID"] == "1"
  assert env(leader)["TPU_WORKER_HOSTNAMES"] == "set-0.set,set-0-1.set"
  assert worker["spec"]["nodeSelector"][POOL].startswith("slice-")


def test_two_groups_do_not_share_a_slice(groups, body):
  asked = body(f"{PREFIX}exclusive-topology", spec={"replicas": 2})
  groups.make("leaderworkersets", asked)
  assert pool(groups, "set-0") != pool(groups, "set-1")
  assert pool(groups, "set-0-1") == pool(groups, "set-0")
  assert pool(groups, "set-1-1") == pool(groups, "set-1")


def test_workers_wait_for_a_leader_without_a_machine(groups, body, pod):
  lost = pod()
  lost["spec"]["nodeSelector"] = {"nowhere": "else"}
  asked = body(f"{PREFIX}exclusive-topology", leader=lost)
  groups.make("leaderworkersets", asked)
  groups.until("pods", "set-0", lambda it: "Unschedulable" in str(it))
  assert len(groups.cluster.objects("pods")) == 1


def test_workers_may_wait_until_their_leader_is_ready(groups, body, pod):
  never = {"exec": {"command": ["false"]}, "periodSeconds": 1}
  late = pod(readinessProbe=never)
  asked = body(leader=late, spec={"startupPolicy": "LeaderReady"})
  groups.make("leaderworkersets", asked)
  groups.running("set-0")
  assert len(groups.cluster.objects("pods")) == 1


def test_an_extra_leader_belongs_to_the_first_of_its_subgroups(
  groups, body, pod
):
  leader = pod()
  leader["spec"]["nodeSelector"] = {"example.com/slice": "yes"}
  asked = body(
    f"{PREFIX}subgroup-exclusive-topology",
    leader=leader,
    size=5,
    subGroupPolicy={"subGroupSize": 2},
  )
  groups.make("leaderworkersets", asked)
  first = pool(groups, "set-0")
  assert pool(groups, "set-0-1") == pool(groups, "set-0-2") == first
  assert pool(groups, "set-0-3") == pool(groups, "set-0-4") != first
  hosts = env(groups.running("set-0-4"))["TPU_WORKER_HOSTNAMES"]
  assert hosts == "set-0-3.set,set-0-4.set"


def test_a_group_that_has_not_started_is_not_made_again(groups, body, pod):
  asked = body(
    leader=pod(script="sys.exit(1)"),
    size=3,
    workerTemplate=pod(image="no/such:1"),
    restartPolicy="RecreateGroupAfterStart",
  )
  groups.make("leaderworkersets", asked)
  first = groups.running("set-0")["metadata"]["uid"]
  again = groups.until(
    "pods",
    "set-0",
    lambda it: (
      (found := it["status"].get("containerStatuses"))
      and found[0]["restartCount"] > 1
    ),
  )
  assert again["metadata"]["uid"] == first
