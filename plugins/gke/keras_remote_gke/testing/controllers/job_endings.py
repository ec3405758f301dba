"""When a Job ends, and how; pure."""

from __future__ import annotations

import datetime
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  moment,
  now,
)
from keras_remote_gke.testing.controllers import job_indexes, job_pods
from keras_remote_gke.testing.controllers.job_pods import View
from keras_remote_gke.testing.controllers.job_policy import verdict

_FINAL = {"SuccessCriteriaMet": "Complete", "FailureTarget": "Failed"}


@frozen
class Ending:
  """What a Job comes to.

  Args:
    kind: the condition that says so first: ``SuccessCriteriaMet`` or
      ``FailureTarget``.
  """

  kind: str
  reason: str
  message: str

  @property
  def final(self) -> str:
    """The condition that says so once every pod has ended."""
    return _FINAL[self.kind]

  def condition(self, kind: str) -> Object:
    return {
      "type": kind,
      "status": "True",
      "lastProbeTime": now(),
      "lastTransitionTime": now(),
      "reason": self.reason,
      "message": self.message,
    }


COMPLETED = Ending(
  "SuccessCriteriaMet",
  "CompletionsReached",
  "Reached expected number of succeeded pods",
)


def over(job: Object) -> Object | None:
  """The condition that a finished Job has."""
  return condition(job, "Complete") or condition(job, "Failed")


def begun(job: Object) -> Ending | None:
  """The ending that a Job has been given in an earlier step."""
  for kind in _FINAL:
    if known := condition(job, kind):
      return Ending(kind, known["reason"], known["message"])
  return None


def failing(
  job: Object, view: View, pods: list[Object], failures: int
) -> Ending | None:
  """How a Job fails now, if it does; ``failures`` are those that count."""
  for each in pods:
    if job_pods.failed(job, each):
      told = verdict(job, each)
      if told.action == "FailJob":
        return _failure("PodFailurePolicy", told.message)
  limit = job["spec"]["backoffLimit"]
  if failures > limit or _restarted(job, pods, limit):
    message = "Job has reached the specified backoff limit"
    return _failure("BackoffLimitExceeded", message)
  left = deadline(job)
  if left is not None and left <= 0:
    message = "Job was active longer than specified deadline"
    return _failure("DeadlineExceeded", message)
  return _failing_indexes(job, pods)


def deadline(job: Object) -> float | None:
  """Seconds until a Job's deadline; None where it has none."""
  limit, start = _limit(job), job["status"].get("startTime")
  if limit is None or start is None or job["spec"].get("suspend"):
    return None
  passed = datetime.datetime.now(datetime.UTC) - moment(start)
  return float(limit - passed.total_seconds())


def _limit(job: Object) -> Any:
  return job["spec"].get("activeDeadlineSeconds")


def _failure(reason: str, message: str) -> Ending:
  return Ending("FailureTarget", reason, message)


def _restarted(job: Object, pods: list[Object], limit: int) -> bool:
  """Whether containers were restarted in place too often."""
  if job["spec"]["template"]["spec"]["restartPolicy"] != "OnFailure":
    return False
  count = job_pods.restarts(pods)
  return count > 0 if limit == 0 else count >= limit


def _failing_indexes(job: Object, pods: list[Object]) -> Ending | None:
  given_up = failed_indexes(job, pods)
  if not given_up:
    return None
  most = job["spec"].get("maxFailedIndexes")
  if most is not None and len(given_up) > most:
    message = "Job has exceeded the specified maximal number of failed indexes"
    return _failure("MaxFailedIndexesExceeded", message)
  done = job_indexes.parsed(job["status"].get("completedIndexes", ""))
  if len(given_up) + len(done) >= job["spec"]["completions"]:
    return _failure("FailedIndexes", "Job has failed indexes")
  return None


def failed_indexes(job: Object, pods: list[Object]) -> set[int]:
  """The indexes that have used up ``backoffLimitPerIndex``."""
  limit = job["spec"].get("backoffLimitPerIndex")
  if limit is None:
    return set()
  failures: dict[int, int] = {}
  given_up = set()
  for each in pods:
    if not job_pods.failed(job, each):
      continue
    at, told = job_indexes.index(each), verdict(job, each)
    failures[at] = failures.get(at, 0) + told.counts
    if told.action == "FailIndex" or failures[at] > limit:
      given_up.add(at)
  return given_up
