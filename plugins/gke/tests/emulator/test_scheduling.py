from __future__ import annotations

import pytest

from keras_remote_gke.testing import Node
from keras_remote_gke.testing.controllers import fitting


@pytest.fixture
def nodes():
  return [
    Node(cpus=4),
    Node.gpu("nvidia-l4", 1),
    Node.tpu("tpu-v6e-slice", "2x4", 8, spot=True),
  ]


def ask(resource, count, selector):
  resources = {"limits": {resource: count}}
  return {"container": {"resources": resources}, "nodeSelector": selector}


def test_a_pod_goes_to_the_node_it_asks_for(kube):
  selector = {"cloud.google.com/gke-accelerator": "nvidia-l4"}
  kube.pod("pass", **ask("nvidia.com/gpu", 1, selector))
  pod = kube.finished()
  assert pod["spec"]["nodeName"] == "gke-emulated-nvidia-l4-1-0001"
  assert {
    "key": "nvidia.com/gpu",
    "operator": "Exists",
    "effect": "NoSchedule",
  } in pod["spec"]["tolerations"]


def unschedulable(kube):
  pod = kube.until(
    "pods",
    lambda it: (
      "Unschedulable"
      in [c.get("reason") for c in it["status"].get("conditions", [])]
    ),
  )
  return pod["status"]["conditions"][0]["message"]


def test_a_pod_that_fits_nowhere_is_told_why(kube):
  selector = {"cloud.google.com/gke-accelerator": "nvidia-l4"}
  kube.pod("pass", **ask("nvidia.com/gpu", 8, selector))
  assert unschedulable(kube) == (
    "0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) didn't"
    " match Pod's node affinity/selector, 1 node(s) had untolerated taint(s)."
    " no new claims to deallocate, preemption: 0/3 nodes are available: 3"
    " Preemption is not helpful for scheduling."
  )
  failed = kube.until("events", lambda it: it["reason"] == "FailedScheduling")
  assert failed["reportingComponent"] == "default-scheduler"
  assert failed["eventTime"]


def test_spot_nodes_take_who_tolerates_them(kube):
  selector = {"cloud.google.com/gke-tpu-topology": "2x4"}
  spec = ask("google.com/tpu", 8, selector)
  kube.pod("pass", "a", **spec)
  assert "untolerated taint(s)" in unschedulable(kube)
  toleration = {
    "key": "cloud.google.com/gke-spot",
    "operator": "Equal",
    "value": "true",
    "effect": "NoSchedule",
  }
  spec = ask("google.com/tpu", 8, selector)
  kube.pod("pass", "b", tolerations=[toleration], **spec)
  assert kube.finished("b")["status"]["phase"] == "Succeeded"


def test_a_pod_that_waits_gets_a_node_that_comes(kube):
  kube.pod("pass", nodeSelector={"pool": "late"})
  unschedulable(kube)
  kube.cluster.add_node(Node(labels={"pool": "late"}))
  assert kube.finished()["status"]["phase"] == "Succeeded"


def test_a_full_node_is_waited_for(kube):
  wait = "import time; print('here'); time.sleep(300)"
  cpus = {"resources": {"requests": {"cpu": "3"}}}
  kube.pod(wait, "a", container=cpus, terminationGracePeriodSeconds=0)
  kube.running("a")
  kube.pod("pass", "b", container=cpus)
  assert unschedulable(kube).endswith(
    "1 No preemption victims found for incoming pod, 2 Preemption is not"
    " helpful for scheduling."
  )
  kube.call("DELETE", "/api/v1/namespaces/default/pods/a")
  assert kube.finished("b")["status"]["phase"] == "Succeeded"


@pytest.mark.parametrize(
  ("toleration", "tolerated"),
  [
    ({"operator": "Exists"}, True),
    ({"key": "k", "operator": "Exists"}, True),
    ({"key": "k", "value": "v"}, True),
    ({"key": "k"}, False),
    ({"key": "k", "value": "v", "effect": "NoExecute"}, False),
  ],
)
def test_a_taint_is_tolerated_by_its_key_value_and_effect(
  toleration, tolerated
):
  taint = {"key": "k", "value": "v", "effect": "NoSchedule"}
  assert fitting.tolerates(toleration, taint) is tolerated
