from __future__ import annotations

SPACES = "/api/v1/namespaces"


def make(kube, name="space"):
  return kube.call("POST", SPACES, {"metadata": {"name": name}})


def pod(kube, script):
  body = {"metadata": {"name": "pod"}, "spec": kube.pod_spec(script)}
  return kube.call("POST", f"{SPACES}/space/pods", body)


def phase(kube):
  return kube.phase(kube.cluster.object("pods", "pod", "space"))


def wait(kube, met):
  state, version = kube.cluster.state, 0
  while not met():
    state.wait(version, 10)
    version = state.version


def test_a_new_namespace_has_what_pods_need(kube):
  assert make(kube)[1]["status"] == {"phase": "Active"}
  wait(kube, lambda: kube.cluster.objects("serviceaccounts", "space"))
  assert pod(kube, "pass")[0] == 201
  wait(
    kube,
    lambda: (
      kube.phase(kube.cluster.object("pods", "pod", "space")) == "Succeeded"
    ),
  )


def test_a_namespace_takes_along_all_that_is_in_it(kube):
  make(kube)
  wait(kube, lambda: kube.cluster.objects("serviceaccounts", "space"))
  pod(kube, "import time; time.sleep(300)")
  wait(kube, lambda: phase(kube) == "Running")
  status, told = kube.call("DELETE", f"{SPACES}/space")
  assert (status, told["status"]["phase"]) == (200, "Terminating")
  body = {"metadata": {"name": "late"}}
  status, told = kube.call("POST", f"{SPACES}/space/configmaps", body)
  assert status == 403
  assert told["message"] == (
    'configmaps "late" is forbidden: unable to create new content in namespace'
    " space because it is being terminated"
  )
  cause = told["details"]["causes"][0]
  assert cause["reason"] == "NamespaceTerminating"
  kube.call("DELETE", f"{SPACES}/space/pods/pod?gracePeriodSeconds=0")
  kube.gone("namespaces", "space")
  assert kube.cluster.objects("configmaps", "space") == []


def test_a_job_of_a_service_account_that_is_not_there_waits_for_it(kube):
  kube.job("pass", pod={"serviceAccountName": "robot"})
  said = kube.until("events", lambda it: it["reason"] == "FailedCreate")
  assert said["message"] == (
    'Error creating: pods "job-" is forbidden: error looking up service account'
    ' default/robot: serviceaccount "robot" not found'
  )
  path = f"{SPACES}/default/serviceaccounts"
  kube.call("POST", path, {"metadata": {"name": "robot"}})
  assert "Complete" in kube.types(kube.ended())


def test_a_pod_can_be_evicted_by_request(kube):
  kube.pod("import time; print('here'); time.sleep(300)")
  kube.running()
  path = f"{SPACES}/default/pods/pod/eviction"
  assert kube.call("POST", path, {"metadata": {"name": "pod"}})[0] == 201
  left = kube.cluster.object("pods", "pod")
  assert "DisruptionTarget" in kube.types(left)
  assert left["metadata"]["deletionTimestamp"]
