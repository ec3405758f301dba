from __future__ import annotations

import pytest

from keras_remote_gke.testing import Node

WAIT = "import time; print('here'); time.sleep(300)"
LISTEN = (
  "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(143));"
  " print('here'); time.sleep(300)"
)


def disruption(pod):
  return next(
    each
    for each in pod["status"]["conditions"]
    if each["type"] == "DisruptionTarget"
  )


def test_a_pod_is_killed(kube):
  kube.pod(WAIT)
  kube.cluster.disruptions.kill(kube.running())
  ended = kube.state(kube.finished())["terminated"]
  assert (ended["exitCode"], ended["reason"]) == (137, "Error")


def test_a_pod_runs_out_of_memory(kube):
  kube.pod(WAIT)
  kube.cluster.disruptions.starve(kube.running())
  ended = kube.state(kube.finished())["terminated"]
  assert (ended["exitCode"], ended["reason"]) == (137, "OOMKilled")


@pytest.mark.parametrize(
  ("disrupt", "reason"),
  [("evict", "EvictionByEvictionAPI"), ("preempt", "PreemptionByScheduler")],
)
def test_a_pod_is_told_why_it_has_to_go(kube, disrupt, reason):
  kube.pod(LISTEN)
  getattr(kube.cluster.disruptions, disrupt)(kube.running())
  pod = kube.finished()
  assert pod["status"]["phase"] == "Failed"
  assert disruption(pod)["reason"] == reason
  assert kube.state(pod)["terminated"]["exitCode"] == 143
  kube.gone("pods", "pod")


def test_a_spot_machine_takes_its_pods_along(kube):
  kube.pod(LISTEN)
  kube.cluster.disruptions.shut_down(kube.running(), grace=25)
  pod = kube.finished()
  assert pod["status"]["reason"] == "Terminated"
  assert disruption(pod)["reason"] == "TerminationByKubelet"
  assert kube.state(pod)["terminated"]["exitCode"] == 143


def test_a_node_under_pressure_evicts(kube):
  kube.pod(WAIT)
  kube.cluster.disruptions.press(kube.running(), "memory")
  pod = kube.finished()
  assert pod["status"]["reason"] == "Evicted"
  assert pod["status"]["message"] == "The node was low on resource: memory."


def test_a_lost_node_leaves_pods_that_nobody_hears_of(kube):
  kube.pod(WAIT)
  pod = kube.running()
  kube.cluster.disruptions.lose(pod["spec"]["nodeName"])
  status, told = kube.call("GET", "/api/v1/namespaces/default/pods/pod/log")
  assert status == 500
  assert told["message"].endswith("connect: connection refused")
  kube.call("DELETE", "/api/v1/namespaces/default/pods/pod")
  left = kube.cluster.object("pods", "pod")
  assert left["status"]["phase"] == "Running"
  assert left["metadata"]["deletionTimestamp"]


def test_an_unreachable_nodes_pods_are_deleted_after_a_while(kube):
  kube.job(WAIT, backoffLimit=1)
  first = kube.running()
  kube.cluster.add_node(Node())
  kube.cluster.disruptions.lose(first["spec"]["nodeName"])
  title = first["metadata"]["name"]
  gone = kube.until(
    "pods", lambda it: "deletionTimestamp" in it["metadata"], title
  )
  assert disruption(gone)["reason"] == "DeletionByTaintManager"


def test_a_removed_nodes_pods_go_with_it(kube):
  kube.job(WAIT, backoffLimit=1)
  first = kube.running()
  kube.cluster.add_node(Node())
  kube.cluster.disruptions.remove(first["spec"]["nodeName"])
  kube.gone("pods", first["metadata"]["name"])
  second = kube.running()
  assert second["spec"]["nodeName"] != first["spec"]["nodeName"]
  assert kube.cluster.object("jobs", "job")["status"]["failed"] == 1
