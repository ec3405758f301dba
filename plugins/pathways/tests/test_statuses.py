"""From what a cluster shows of all parts to where a job stands."""

from __future__ import annotations

import pytest

from keras_remote_core.model import JobStatus, Phase
from keras_remote_gke.seen import Seen
from keras_remote_pathways import parts, statuses

LWS = "leaderworkerset.sigs.k8s.io/worker-index"
RUNNING = {"running": {"startedAt": "2026-01-02T03:04:10Z"}}
SET = {"metadata": {"name": "train-1"}}


def ended(code, at, reason="Error", message=""):
  return {
    "terminated": {
      "exitCode": code,
      "reason": reason,
      "message": message,
      "startedAt": "2026-01-02T03:04:10Z",
      "finishedAt": f"2026-01-02T{at}Z",
    }
  }


def pod(index, state=None, *, last=None, made="03:04:05", node="n", beside=()):
  """A pod of a LeaderWorkerSet, of which the first is the head."""
  role = "worker" if index else "head"
  main = {"name": "main", "state": state or {}, "lastState": last or {}}
  return {
    "metadata": {
      "name": f"train-1-0-{index}",
      "labels": {"keras-remote/role": role, LWS: str(index)},
      "creationTimestamp": f"2026-01-02T{made}Z",
    },
    "spec": {
      "nodeName": node,
      "containers": [{"name": "main", "image": "i"}],
    },
    "status": {
      "phase": "Running",
      "containerStatuses": [main] if state or last else [],
      "initContainerStatuses": list(beside),
    },
  }


def judge(*found, job=SET):
  return statuses.judge(Seen(job=job, pods=found))


def test_a_job_runs_once_all_of_it_runs():
  status = judge(pod(0, RUNNING), pod(1, RUNNING))
  assert (status.phase, status.reason) == (Phase.RUNNING, "Running")


def test_a_head_that_waits_for_its_slices_is_pending():
  status = judge(pod(0, RUNNING), pod(1, RUNNING), pod(2, node=None))
  assert (status.phase, status.reason) == (Phase.PENDING, "Scheduling")
  assert status.message.startswith("w1, of 1 pods that wait: ")


def test_a_worker_without_a_machine_is_named_before_those_that_only_start():
  status = judge(pod(0), pod(1, node=None), pod(2))
  assert status.message.startswith("w0, of 3 pods that wait: ")


def test_a_worker_that_is_replaced_does_not_make_a_running_job_pending():
  status = judge(pod(0, RUNNING), pod(1, made="05:00:00", node=None))
  assert (status.phase, status.reason) == (Phase.RUNNING, "Degraded")
  assert status.message == "not running: w0"


def test_a_worker_that_was_started_again_is_told_of():
  crashed = ended(1, "03:30:00", message="no TPU\nhere")
  status = judge(pod(0, RUNNING), pod(1, RUNNING, last=crashed))
  assert status.reason == "Degraded"
  assert status.message == (
    "w0 ended with Killed (exited with 1: no TPU | here); all run again"
  )


def test_a_job_set_that_starts_again_is_not_waiting_to_begin():
  again = {**SET, "status": {"restarts": 1}}
  status = judge(pod(0), pod(1), job=again)
  assert (status.phase, status.reason) == (Phase.RUNNING, "Retrying")
  assert "attempt 2" in status.message


def test_a_job_set_says_when_it_is_done():
  done = {"type": "Completed", "status": "True"}
  job = {**SET, "status": {"conditions": [done]}}
  assert judge(job=job).phase is Phase.SUCCEEDED


def test_the_first_failure_is_the_earliest_of_all_parts():
  proxy = {"name": "pathways-proxy", "state": ended(134, "03:20:00")}
  found = [
    pod(0, ended(42, "03:21:00"), beside=[proxy]),
    pod(1, ended(137, "03:19:00", "OOMKilled")),
    pod(2, ended(1, "03:22:00")),
  ]
  first = parts.first_failure(found)
  assert first is not None
  assert (first.part, first.status.reason) == ("w0", "OOMKilled")
  first = parts.first_failure(found[:1])
  assert first is not None
  assert first.part == "proxy"


@pytest.mark.parametrize("code", [0, 42, 43, 70, 143])
def test_what_the_function_came_to_is_no_failure_of_its_head(code):
  assert parts.first_failure([pod(0, ended(code, "03:21:00"))]) is None


@pytest.mark.parametrize("code", [0, 143])
def test_workers_that_were_told_to_end_have_not_failed(code):
  assert parts.first_failure([pod(1, ended(code, "03:21:00"))]) is None


def failed(reason, message=""):
  return JobStatus(phase=Phase.FAILED, reason=reason, message=message)


def test_an_exception_stays_the_reason_and_names_what_came_before():
  first = parts.first_failure([pod(3, ended(137, "03:19:00", "OOMKilled"))])
  status = statuses.blame(failed("Raised", "XlaRuntimeError: lost"), first)
  assert status.reason == "Raised"
  assert status.message.startswith("XlaRuntimeError: lost; before that, w2")


@pytest.mark.parametrize("reason", ["Restarted", "Killed", "RunnerFailed"])
def test_a_head_that_ran_out_of_memory_is_why_it_was_started_again(reason):
  first = parts.first_failure([pod(0, ended(137, "03:19:00", "OOMKilled"))])
  status = statuses.blame(failed(reason), first)
  assert status.reason == "OOMKilled"
  assert "memory=" in str(status.remedy)


def test_a_stop_is_what_followed_from_a_failure_elsewhere():
  first = parts.first_failure([pod(2, ended(1, "03:19:00", message="bad"))])
  status = statuses.blame(failed("Stopped"), first)
  assert status.message == "w1: exited with 1: bad"


def test_nothing_is_blamed_where_nothing_else_failed():
  known = failed("Raised", "ValueError: no")
  assert statuses.blame(known, None) is known


def test_workers_of_job_sets_are_told_apart_by_slice():
  labels = {
    "keras-remote/role": "worker",
    "jobset.sigs.k8s.io/job-index": "1",
    "batch.kubernetes.io/job-completion-index": "3",
  }
  assert parts.tag({"metadata": {"name": "a", "labels": labels}}) == "w1.3"
