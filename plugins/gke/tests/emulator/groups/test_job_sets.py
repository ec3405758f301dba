from __future__ import annotations

import pytest

PREFIX = "jobset.sigs.k8s.io/"


@pytest.fixture
def body(pod):
  """A set of one head and four workers that are of no use without it."""

  def job(name, count, template, **more):
    template["spec"]["restartPolicy"] = "Never"
    spec = {
      "backoffLimit": 0,
      "completions": count,
      "parallelism": count,
      "template": template,
      **more,
    }
    return {"name": name, "template": {"spec": spec}}

  def made(script="", **spec):
    return {
      "metadata": {"name": "set"},
      "spec": {
        "coordinator": {"replicatedJob": "head"},
        "startupPolicy": {"startupPolicyOrder": "InOrder"},
        "successPolicy": {
          "operator": "All",
          "targetReplicatedJobs": ["head"],
        },
        "replicatedJobs": [
          job("head", 1, pod(script=script)),
          job("worker", 4, pod(tpus=4)),
        ],
        **spec,
      },
    }

  return made


def over(item):
  return item.get("status", {}).get("terminalState")


def types(item):
  return [
    each["type"]
    for each in item["status"]["conditions"]
    if each["status"] == "True"
  ]


def test_a_set_succeeds_with_its_head(groups, body):
  groups.make("jobsets", body("sys.exit(0)"))
  item = groups.until("jobsets", "set", over)
  assert item["status"]["terminalState"] == "Completed"
  assert types(item) == ["StartupPolicyCompleted", "Completed"]


def test_pods_know_where_the_head_is(groups, body):
  groups.make("jobsets", body())
  job = groups.until("jobs", "set-worker-0", lambda it: it["status"])
  labels = job["spec"]["template"]["metadata"]["labels"]
  assert labels[f"{PREFIX}coordinator"] == "set-head-0-0.set"
  assert labels[f"{PREFIX}job-index"] == "0"
  assert job["spec"]["template"]["spec"]["subdomain"] == "set"
  assert groups.cluster.object("services", "set")["spec"]["clusterIP"] == "None"


def test_workers_wait_for_the_head_to_be_there(groups, body):
  wrong = body()
  head = wrong["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]
  head["spec"]["nodeSelector"] = {"nowhere": "else"}
  groups.make("jobsets", wrong)
  groups.until(
    "jobsets",
    "set",
    lambda it: "StartupPolicyInProgress" in str(it.get("status")),
  )
  assert len(groups.cluster.objects("jobs")) == 1


def test_one_failed_job_fails_the_set_and_ends_the_others(groups, body):
  groups.make("jobsets", body("sys.exit(42)"))
  item = groups.until("jobsets", "set", over)
  assert item["status"]["terminalState"] == "Failed"
  told = item["status"]["conditions"][-1]
  assert told["reason"] == "FailedJobs"
  assert "set-head-0" in told["message"]


def test_a_set_may_start_again_before_it_fails(groups, body):
  groups.make("jobsets", body("sys.exit(1)", failurePolicy={"maxRestarts": 1}))
  item = groups.until("jobsets", "set", over)
  assert item["status"]["restarts"] == 1
  assert item["status"]["conditions"][-1]["reason"] == "ReachedMaxRestarts"


def test_a_set_that_is_over_goes_when_its_time_has_come(groups, body):
  groups.make(
    "jobsets",
    body("sys.exit(0)", ttlSecondsAfterFinished=5),
  )
  groups.until_gone("jobsets", "jobs", "pods", "services")


def test_a_name_too_long_for_pods_is_refused(groups, body):
  wrong = body()
  wrong["metadata"]["name"] = "a" * 55
  status, told = groups.send("jobsets", wrong)
  assert status == 403
  assert "will exceed 63 characters" in told["message"]


def test_only_what_is_in_the_set_can_be_named(groups, body):
  wrong = body(coordinator={"replicatedJob": "tail"})
  status, told = groups.send("jobsets", wrong)
  assert status == 403
  assert "coordinator replicatedJob tail does not exist" in told["message"]
