from __future__ import annotations

import pytest
from kubernetes import watch

JOBS = "/apis/batch/v1/namespaces/default/jobs"
MERGE = {"Content-Type": "application/merge-patch+json"}

FAIL_ONCE = """
import os, sys
path = os.environ["MARK"]
if os.path.exists(path): sys.exit(0)
open(path, "w").close()
sys.exit(1)
"""
WAIT = "import time; print('here'); time.sleep(300)"


def histories(kube, made):
  """The conditions a Job had, as a watch saw them come."""
  seen = []
  for event in watch.Watch().stream(
    kube.batch.list_namespaced_job,
    "default",
    resource_version=made["metadata"]["resourceVersion"],
    timeout_seconds=60,
  ):
    types = kube.types(event["raw_object"])
    if types and types not in seen:
      seen.append(types)
    if {"Complete", "Failed"} & set(types):
      return seen
  raise AssertionError("the job never ended")


def pods(kube):
  return kube.cluster.objects("pods")


def test_a_job_that_succeeds_first_meets_its_criteria(kube):
  made = kube.job("print('hello')")
  assert histories(kube, made) == [
    ["SuccessCriteriaMet"],
    ["SuccessCriteriaMet", "Complete"],
  ]
  status = kube.ended()["status"]
  assert status["succeeded"] == 1
  assert status["completionTime"]
  assert status["uncountedTerminatedPods"] == {}
  assert status["conditions"][1]["reason"] == "CompletionsReached"
  assert kube.said("job") == ["SuccessfulCreate", "Completed"]


def test_a_job_that_fails_first_aims_at_it(kube):
  made = kube.job("raise SystemExit(3)")
  assert histories(kube, made) == [
    ["FailureTarget"],
    ["FailureTarget", "Failed"],
  ]
  final = kube.ended()["status"]
  assert final["failed"] == 1
  assert final["conditions"][1]["reason"] == "BackoffLimitExceeded"
  assert final["conditions"][1]["message"] == (
    "Job has reached the specified backoff limit"
  )


def test_a_failed_pod_is_followed_by_another(kube, tmp_path):
  env = [{"name": "MARK", "value": str(tmp_path / "mark")}]
  kube.job(FAIL_ONCE, backoffLimit=1, pod={"container": {"env": env}})
  status = kube.ended()["status"]
  assert (status["failed"], status["succeeded"]) == (1, 1)
  assert len(pods(kube)) == 2


def test_an_exit_code_can_fail_a_job_at_once(kube):
  rule = {
    "action": "FailJob",
    "onExitCodes": {"containerName": "main", "operator": "In", "values": [42]},
  }
  kube.job(
    "raise SystemExit(42)", backoffLimit=5, podFailurePolicy={"rules": [rule]}
  )
  final = kube.ended()["status"]["conditions"][-1]
  assert final["reason"] == "PodFailurePolicy"
  name = pods(kube)[0]["metadata"]["name"]
  assert final["message"] == (
    f"Container main for pod default/{name} failed with exit code 42 matching"
    " FailJob rule at index 0"
  )


def test_a_disruption_can_cost_no_retry(kube):
  rule = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}
  pod = {"terminationGracePeriodSeconds": 0}
  kube.job(WAIT, podFailurePolicy={"rules": [rule]}, pod=pod)
  first = kube.running()
  kube.cluster.disruptions.evict(first)
  kube.gone("pods", first["metadata"]["name"])
  kube.running()
  assert "failed" not in kube.cluster.object("jobs", "job")["status"]


def test_a_deadline_ends_a_job_and_its_pods(kube):
  pod = {"terminationGracePeriodSeconds": 0}
  made = kube.job(WAIT, activeDeadlineSeconds=1, pod=pod)
  assert histories(kube, made) == [
    ["FailureTarget"],
    ["FailureTarget", "Failed"],
  ]
  status = kube.cluster.object("jobs", "job")["status"]
  assert status["conditions"][-1]["reason"] == "DeadlineExceeded"
  assert pods(kube) == []


def test_an_indexed_job_tells_its_pods_which_they_are(kube):
  script = "import os; print(os.environ['JOB_COMPLETION_INDEX'])"
  spec = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}
  kube.job(script, **spec)
  status = kube.ended()["status"]
  assert (status["succeeded"], status["completedIndexes"]) == (3, "0-2")
  for each in pods(kube):
    index = each["metadata"]["annotations"][
      "batch.kubernetes.io/job-completion-index"
    ]
    assert each["metadata"]["name"].startswith(f"job-{index}-")
    assert each["spec"]["hostname"] == f"job-{index}"
    assert kube.logs(each["metadata"]["name"]) == f"{index}\n"


def test_an_index_may_fail_alone(kube):
  script = (
    "import os; raise SystemExit(os.environ['JOB_COMPLETION_INDEX']=='1')"
  )
  kube.job(
    script,
    completionMode="Indexed",
    completions=3,
    parallelism=3,
    backoffLimit=100,
    backoffLimitPerIndex=0,
  )
  status = kube.ended()["status"]
  assert status["conditions"][-1]["reason"] == "FailedIndexes"
  assert (status["completedIndexes"], status["failedIndexes"]) == ("0,2", "1")


def test_a_suspended_job_has_no_pods_until_it_is_resumed(kube):
  kube.job("pass", suspend=True)
  suspended = kube.until("jobs", lambda it: kube.types(it) == ["Suspended"])
  assert "startTime" not in suspended["status"]
  assert pods(kube) == []
  kube.call("PATCH", f"{JOBS}/job", {"spec": {"suspend": False}}, **MERGE)
  assert kube.types(kube.ended()) == [
    "Suspended",
    "SuccessCriteriaMet",
    "Complete",
  ]
  assert kube.said("job") == [
    "Suspended",
    "SuccessfulCreate",
    "Resumed",
    "Completed",
  ]


def test_a_finished_job_goes_when_its_time_is_over(kube):
  kube.job("pass", ttlSecondsAfterFinished=20)
  kube.ended()
  kube.gone("jobs", "job")
  kube.until("events", lambda it: it["reason"] == "Completed")
  for each in pods(kube):
    kube.gone("pods", each["metadata"]["name"])


def test_a_job_can_start_one_pod_too_many(kube):
  kube.job(WAIT)
  kube.running()
  kube.cluster.start_twice("job")
  for each in pods(kube):
    kube.running(each["metadata"]["name"])
  assert len(pods(kube)) == 2


@pytest.mark.parametrize("policy", ["Background", "Foreground"])
def test_a_jobs_pods_go_with_it(kube, policy):
  kube.job(WAIT, pod={"terminationGracePeriodSeconds": 0})
  pod = kube.running()["metadata"]["name"]
  status, told = kube.call("DELETE", f"{JOBS}/job?propagationPolicy={policy}")
  assert status == 200
  assert told["kind"] == ("Status" if policy == "Background" else "Job")
  kube.gone("pods", pod)
  kube.gone("jobs", "job")


def test_deleting_a_job_leaves_its_pods_unless_told_otherwise(kube):
  kube.job(WAIT)
  pod = kube.running()["metadata"]["name"]
  kube.call("DELETE", f"{JOBS}/job")
  kube.gone("jobs", "job")
  left = kube.cluster.object("pods", pod)
  assert "ownerReferences" not in left["metadata"]
  assert left["status"]["phase"] == "Running"


def test_what_a_job_owns_goes_with_it(kube):
  made = kube.job("pass")
  owner = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "name": "job",
    "uid": made["metadata"]["uid"],
  }
  body = {"metadata": {"name": "key", "ownerReferences": [owner]}}
  kube.call("POST", "/api/v1/namespaces/default/secrets", body)
  kube.ended()
  kube.call("DELETE", f"{JOBS}/job?propagationPolicy=Background")
  kube.gone("secrets", "key")
