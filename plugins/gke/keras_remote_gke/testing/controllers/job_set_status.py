"""How a JobSet stands and how it ends; pure."""

from __future__ import annotations

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  name,
  now,
  with_condition,
)
from keras_remote_gke.testing.controllers import job_set_jobs
from keras_remote_gke.testing.controllers.job_set_jobs import of_template


@frozen
class Ending:
  """What a JobSet comes to: ``Completed`` or ``Failed``."""

  kind: str
  reason: str
  message: str


def over(item: Object) -> Object | None:
  """The condition that a finished JobSet has."""
  return condition(item, "Completed") or condition(item, "Failed")


def ending(item: Object, jobs: list[Object]) -> Ending | None:
  """How a JobSet ends now, if it does."""
  if failed := job_set_jobs.ended(jobs, "Failed"):
    most = (item["spec"].get("failurePolicy") or {}).get("maxRestarts", 0)
    first = f"(first failed job: {name(failed[0])})"
    if not most:
      told = f"jobset failed due to one or more job failures {first}"
      return Ending("Failed", "FailedJobs", told)
    if job_set_jobs.restarts(item) >= most:
      told = f"jobset failed due to reaching max number of restarts {first}"
      return Ending("Failed", "ReachedMaxRestarts", told)
    return None
  if _succeeded(item, jobs):
    told = "jobset completed successfully"
    return Ending("Completed", "AllJobsCompleted", told)
  return None


def _succeeded(item: Object, jobs: list[Object]) -> bool:
  policy = item["spec"]["successPolicy"]
  targets = policy.get("targetReplicatedJobs") or []
  wanted = [
    each
    for each in item["spec"]["replicatedJobs"]
    if not targets or each["name"] in targets
  ]
  done = [
    len(job_set_jobs.ended(of_template(jobs, each), "Complete"))
    for each in wanted
  ]
  if policy["operator"] == "Any":
    return any(done)
  return sum(done) >= sum(int(each["replicas"]) for each in wanted)


def status(
  item: Object, jobs: list[Object], ended: Ending | None, started: bool
) -> Object:
  """The whole status; ``started``: every Job that has to be there is."""
  made: Object = {**(item.get("status") or {})}
  made.setdefault("restarts", 0)
  made["replicatedJobsStatus"] = [
    _counts(each, of_template(jobs, each))
    for each in item["spec"]["replicatedJobs"]
  ]
  known = made.get("conditions")
  for kind, holds, reason, message in _told(item, ended, started):
    old = condition(item, kind, None)
    if holds or old:
      new = _condition(kind, holds, reason, message, old)
      known = with_condition(known, new)
  if known:
    made["conditions"] = known
  if ended:
    made["terminalState"] = ended.kind
  return made


def _told(
  item: Object, ended: Ending | None, started: bool
) -> list[tuple[str, bool, str, str]]:
  told = [_suspension(item)]
  if item["spec"]["startupPolicy"]["startupPolicyOrder"] == "InOrder":
    progress = "StartupPolicyInProgress"
    completed = "StartupPolicyCompleted"
    told += [
      (progress, not started, progress, "startup policy in order starting"),
      (completed, started, completed, "startup policy in order has completed"),
    ]
  if ended:
    told.append((ended.kind, True, ended.reason, ended.message))
  return told


def _suspension(item: Object) -> tuple[str, bool, str, str]:
  if job_set_jobs.suspended(item):
    return "Suspended", True, "SuspendedJobs", "jobset is suspended"
  return "Suspended", False, "ResumeJobs", "jobset is resumed"


def _condition(
  kind: str, holds: bool, reason: str, message: str, old: Object | None
) -> Object:
  if old and old["status"] == str(holds):
    return old
  return {
    "type": kind,
    "status": str(holds),
    "lastTransitionTime": now(),
    "reason": reason,
    "message": message,
  }


def _counts(replicated: Object, jobs: list[Object]) -> Object:
  succeeded = len(job_set_jobs.ended(jobs, "Complete"))
  failed = len(job_set_jobs.ended(jobs, "Failed"))
  active = [each for each in jobs if each["status"].get("active")]
  return {
    "name": replicated["name"],
    "active": len(active),
    "failed": failed,
    "ready": sum(1 for each in active if ready(each)),
    "succeeded": succeeded,
    "suspended": sum(1 for each in jobs if each["spec"].get("suspend")),
  }


def ready(job: Object) -> bool:
  """Whether every pod of a Job is ready or has succeeded."""
  status = job["status"]
  found = status.get("ready", 0) + status.get("succeeded", 0)
  return bool(found >= job["spec"]["parallelism"])
