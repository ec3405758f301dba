"""Why a job waits or failed is read from what its cluster shows."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from keras_remote_core.model import Phase
from keras_remote_gke import statuses
from keras_remote_gke.seen import Seen

_MADE = "2026-11-25T08:00:00Z"


def job(*conditions: tuple[str, str], **metadata: Any) -> dict[str, Any]:
  told = [
    {"type": kind, "status": "True", "reason": reason, "message": "as told"}
    for kind, reason in conditions
  ]
  return {
    "metadata": {"name": "train-1", **metadata},
    "status": {"conditions": told},
  }


def pod(
  state: dict[str, Any] | None = None,
  *,
  phase: str = "Pending",
  name: str = "train-1-a",
  scheduled: str | None = None,
  disrupted: str | None = None,
  selector: dict[str, str] | None = None,
  limit: str | None = None,
  **status: Any,
) -> dict[str, Any]:
  conditions = []
  if scheduled is not None:
    conditions.append(
      {"type": "PodScheduled", "status": "False", "message": scheduled}
    )
  if disrupted is not None:
    conditions.append(
      {"type": "DisruptionTarget", "status": "True", "reason": disrupted}
    )
  limits = {"limits": {"memory": limit}} if limit else {}
  statuses_ = [{"name": "main", "state": state}] if state else []
  return {
    "metadata": {"name": name, "uid": name, "creationTimestamp": _MADE},
    "spec": {
      "nodeName": "node-1",
      "nodeSelector": selector or {},
      "containers": [{"name": "main", "image": "me/it:1", "resources": limits}],
    },
    "status": {
      "phase": phase,
      "conditions": conditions,
      "containerStatuses": statuses_,
      **status,
    },
  }


def waiting(reason: str, message: str = "") -> dict[str, Any]:
  return {"waiting": {"reason": reason, "message": message}}


def ended(
  code: int, reason: str = "Error", message: str = ""
) -> dict[str, Any]:
  told = {"exitCode": code, "reason": reason, "message": message}
  return {"terminated": told}


RUNNING = {"running": {"startedAt": _MADE}}
L4 = {"cloud.google.com/gke-accelerator": "nvidia-l4"}
SPOT = {**L4, "cloud.google.com/gke-spot": "true"}
MISMATCH = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."
BUSY = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu."


def event(reason: str, message: str, time: str = _MADE) -> dict[str, Any]:
  return {"reason": reason, "message": message, "lastTimestamp": time}


def pending(found: dict[str, Any], *events: dict[str, Any]) -> Any:
  return statuses.judge(Seen(job=job(), pods=(found,), events=events))


@pytest.mark.parametrize(
  ("found", "events", "reason", "said", "remedy"),
  [
    (
      pod(scheduled=MISMATCH, selector=L4),
      (),
      "NoNodePool",
      "gke-accelerator=nvidia-l4",
      "pool add",
    ),
    (
      pod(scheduled=MISMATCH, selector=SPOT),
      (event("NotTriggerScaleUp", "pod didn't trigger scale-up"),),
      "NoNodePool",
      "gke-spot=true",
      "--spot",
    ),
    (pod(scheduled=BUSY), (), "Unschedulable", "Insufficient", "wait"),
    (
      pod(scheduled=BUSY),
      (event("TriggeredScaleUp", "pod triggered scale-up: pool 0->1"),),
      "ScalingUp",
      "pool 0->1",
      None,
    ),
    (
      pod(scheduled=BUSY),
      (
        event("TriggeredScaleUp", "first"),
        event("FailedScaleUp", "GCE quota exceeded", "2026-11-25T08:01:00Z"),
      ),
      "Quota",
      "quota exceeded",
      "quotas",
    ),
    (
      pod(scheduled=BUSY, selector=SPOT),
      (event("FailedScaleUp", "GCE out of resources"),),
      "NoCapacity",
      "no spot capacity",
      "zone=",
    ),
    (
      pod(scheduled=f"{BUSY[:-1]}, 3 node(s) had untolerated taint {{a: b}}."),
      (),
      "Unschedulable",
      "Insufficient",
      "wait",
    ),
    (
      pod(scheduled="1 node(s) had untolerated taint {team: red}"),
      (),
      "Taint",
      "team: red",
      "taint",
    ),
    (
      pod(waiting("ImagePullBackOff", "not found")),
      (),
      "ImagePull",
      "me/it:1",
      "container_image=",
    ),
    (
      pod(waiting("CreateContainerConfigError", 'secret "x" not found')),
      (),
      "ConfigError",
      "secret",
      "submit again",
    ),
    (
      pod(waiting("CreateContainerError", "python3: not found")),
      (),
      "CannotStart",
      "python3",
      "python3",
    ),
    (
      pod(waiting("ContainerCreating")),
      (event("Pulling", 'Pulling image "me/it:1"'),),
      "Pulling",
      "me/it:1",
      None,
    ),
    (pod(waiting("ContainerCreating")), (), "Starting", "node-1", None),
  ],
)
def test_what_a_job_waits_for_is_named_with_what_helps(
  found, events, reason, said, remedy
):
  status = pending(found, *events)
  assert status.phase is Phase.PENDING
  assert status.reason == reason
  assert said in status.message
  assert (status.remedy is None) == (remedy is None)
  assert (remedy or "") in (status.remedy or "")


def failed(*pods: dict[str, Any], reason: str = "BackoffLimitExceeded") -> Any:
  return statuses.judge(Seen(job=job(("Failed", reason)), pods=pods))


@pytest.mark.parametrize(
  ("found", "reason", "said"),
  [
    (pod(ended(137, "OOMKilled"), limit="16Gi"), "OOMKilled", "16Gi"),
    (pod(ended(137, "OOMKilled")), "OOMKilled", "node's memory"),
    (pod(ended(137)), "Killed", "137"),
    (pod(ended(42, message="ValueError")), "Raised", "ValueError"),
    (pod(ended(43)), "Refused", ""),
    (pod(ended(70, message="lost")), "RunnerFailed", "lost"),
    (pod(ended(143), disrupted="PreemptionByScheduler"), "Preempted", "node-1"),
    (pod(ended(143), disrupted="TerminationByKubelet"), "NodeShutdown", ""),
    (pod(ended(143), disrupted="EvictionByEvictionAPI"), "Evicted", ""),
    (pod(disrupted="DeletionByTaintManager"), "NodeLost", ""),
    (
      pod(reason="Evicted", message="low on resource: ephemeral-storage"),
      "Evicted",
      "ephemeral-storage",
    ),
    (pod(), "NodeLost", "without a word"),
  ],
)
def test_what_a_job_died_of_is_named(found, reason, said):
  status = failed(found)
  assert status.phase is Phase.FAILED
  assert status.reason == reason
  assert said in status.message


def test_a_job_whose_pods_are_gone_lost_its_node():
  assert failed().reason == "NodeLost"


@pytest.mark.parametrize(
  ("said", "reason"),
  [
    ("Preempted", "Preempted"),
    ("Evicted", "Evicted"),
    ("TaintManagerEviction", "NodeLost"),
  ],
)
def test_events_say_what_took_pods_that_are_gone(said, reason):
  events = (event("Scheduled", "to node-1"), event(said, "as told"))
  found = Seen(job=job(("Failed", "BackoffLimitExceeded")), events=events)
  status = statuses.judge(found)
  assert (status.reason, status.message) == (reason, "as told")


def test_a_node_that_ran_short_is_no_node_that_shut_down():
  found = pod(disrupted="TerminationByKubelet")
  (condition,) = found["status"]["conditions"]
  condition["message"] = "The node was low on resource: ephemeral-storage."
  status = failed(found)
  assert status.reason == "Evicted"
  assert "disk=" in status.remedy


def test_the_last_attempt_says_what_the_job_died_of():
  first = pod(ended(137, "OOMKilled"), name="a")
  assert failed(first, pod(ended(42), name="b")).reason == "Raised"


def host(
  index: int, state: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
  """The pod of one of several hosts."""
  made = pod(state, name=f"train-1-{index}", **more)
  key = "batch.kubernetes.io/job-completion-index"
  made["metadata"]["labels"] = {key: str(index)}
  return made


def at(second: int, code: int, reason: str = "Error") -> dict[str, Any]:
  told = ended(code, reason)
  told["terminated"]["finishedAt"] = f"2026-11-25T08:00:{second:02}Z"
  return told


def test_of_several_hosts_the_first_one_to_fail_says_why():
  status = failed(
    host(0, at(9, 1)), host(1, at(5, 137, "OOMKilled")), host(2, at(7, 1))
  )
  assert status.reason == "OOMKilled"
  assert status.message.startswith("host 1: ")


@pytest.mark.parametrize(
  "other", [at(1, 143), RUNNING, waiting("ContainerCreating"), None]
)
def test_a_host_that_only_followed_says_nothing(other):
  status = failed(host(0, other), host(1, at(5, 137)))
  assert (status.reason, status.message[:6]) == ("Killed", "host 1")


def test_a_host_that_was_taken_away_is_the_cause_though_it_was_stopped():
  taken = host(1, at(5, 143), disrupted="EvictionByEvictionAPI")
  status = failed(host(0, at(4, 143)), taken)
  assert status.reason == "Evicted"
  assert "retries" not in status.remedy


def test_one_host_without_a_machine_keeps_all_of_them_waiting():
  found = (host(0, RUNNING, phase="Running"), host(1, scheduled=BUSY))
  status = statuses.judge(Seen(job=job(), pods=found))
  assert (status.phase, status.reason) == (Phase.PENDING, "Unschedulable")
  assert status.message.startswith("host 1: 0/1 nodes")


def test_any_host_that_is_taken_away_shows_before_the_end():
  taken = host(0, RUNNING, phase="Running", disrupted="DeletionByTaintManager")
  found = (taken, host(1, RUNNING, phase="Running"))
  assert statuses.judge(Seen(job=job(), pods=found)).reason == "NodeLost"


def test_a_deadline_of_the_job_is_no_failure_of_its_pods():
  assert failed(reason="DeadlineExceeded").reason == "DeadlineExceeded"


def test_more_memory_is_suggested_in_the_unit_of_the_limit():
  remedy = failed(pod(ended(137, "OOMKilled"), limit="16Gi")).remedy
  assert "memory='32Gi'" in remedy


def test_only_the_jobs_own_conditions_end_it():
  done = pod(ended(0, "Completed"), phase="Succeeded")
  assert statuses.judge(Seen(job=job(), pods=(done,))).phase is Phase.RUNNING
  soon = job(("SuccessCriteriaMet", "CompletionsReached"))
  assert statuses.judge(Seen(job=soon, pods=(done,))).phase is Phase.RUNNING
  complete = job(("Complete", "CompletionsReached"))
  assert statuses.judge(Seen(job=complete)).phase is Phase.SUCCEEDED


def test_a_job_that_is_retried_runs_and_does_not_wait():
  before = pod(ended(143), name="a", phase="Failed")
  after = pod(scheduled=BUSY, name="b")
  status = statuses.judge(Seen(job=job(), pods=(before, after)))
  assert (status.phase, status.reason) == (Phase.RUNNING, "Retrying")
  assert "attempt 2" in status.message


def test_a_suspended_job_is_in_its_queue():
  assert statuses.judge(Seen(job=job(("Suspended", "x")))).reason == "Queued"


def test_a_job_that_may_have_no_pods_says_who_refuses_them():
  said = (
    'error looking up service account default/me: serviceaccount "me" not found'
  )
  refused = event("FailedCreate", f"Error creating: pods is forbidden: {said}")
  status = statuses.judge(Seen(job=job(), events=(refused,)))
  assert status.reason == "PodsRefused"
  assert "service_account=" in status.remedy


def test_a_node_that_takes_the_pod_away_shows_before_the_end():
  taken = pod(RUNNING, phase="Running", disrupted="DeletionByTaintManager")
  status = statuses.judge(Seen(job=job(), pods=(taken,)))
  assert (status.phase, status.reason) == (Phase.RUNNING, "NodeLost")


def test_a_deleted_job_is_stopping_until_it_is_gone():
  going = job(deletionTimestamp=_MADE)
  running = pod(RUNNING, phase="Running")
  assert statuses.judge(Seen(job=going, pods=(running,))).reason == "Stopping"
  assert statuses.judge(Seen(job=None)).phase is Phase.FAILED


def test_judging_changes_nothing_of_what_was_seen():
  found = pod(ended(137, "OOMKilled"))
  before = copy.deepcopy(found)
  failed(found)
  assert found == before
