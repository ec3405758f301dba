"""From what a cluster shows to where a job on Pathways stands; pure.

What the gke backend says of one pod, over all parts of a job.
"""

from __future__ import annotations

import datetime

from attrs import evolve

from keras_remote_core.model import JobStatus, Phase
from keras_remote_gke import failures, pending, pods, statuses
from keras_remote_gke.pods import Pod
from keras_remote_gke.seen import Seen
from keras_remote_pathways import parts

_TOGETHER = datetime.timedelta(seconds=60)
"""A worker that is made so much later than its head started replaces another."""

# What a failure looks like from a head that something else befell, and from
# one that was itself started again or killed.
_CONSEQUENCES = frozenset({"NodeLost", "Stopped"})
_BY_HEAD = frozenset({"Killed", "Restarted", failures.RUNNER})


def judge(seen: Seen) -> JobStatus:
  """Where the job stands by what its cluster shows.

  Of a head that has parked, only the store knows what it came to.
  """
  if seen.condition("Completed"):
    return JobStatus(phase=Phase.SUCCEEDED, reason="Returned")
  if failed := seen.condition("Failed"):
    return _failed(failures.status(failed, parts.heads(seen.pods)), seen)
  waiting = _waiting(seen)
  if waiting is not None and not seen.stopping:
    return waiting
  # A head alone is what the gke backend knows.
  known = statuses.judge(evolve(seen, pods=tuple(parts.heads(seen.pods))))
  return _degraded(known, seen) if known.reason == "Running" else known


def blame(status: JobStatus, first: parts.Failure | None) -> JobStatus:
  """A failure with what had gone wrong before, and may have caused it."""
  if first is None:
    return status
  by_head = first.part == parts.HEAD and status.reason in _BY_HEAD
  if by_head or status.reason in _CONSEQUENCES:
    cause = first.status
    return evolve(cause, message=f"{first.part}: {cause.message}")
  told = f"{first.status.reason} ({first.status.message})"
  message = f"{status.message}; before that, {first.part} ended with {told}"
  return evolve(status, message=message)


def _failed(status: JobStatus, seen: Seen) -> JobStatus:
  """A failure of the cluster's own words, by the part that failed first."""
  return blame(status, parts.first_failure(seen.pods))


def _waiting(seen: Seen) -> JobStatus | None:
  """What the job waits for before all of it has run for the first time."""
  idle = seen.idle
  if idle is None or not _first(idle, parts.heads(seen.pods)):
    return None
  status = pending.status(idle, seen.events)
  missing = sum(not pods.started(each) for each in seen.pods)
  told = f"{parts.tag(idle)}, of {missing} pods that wait: {status.message}"
  if not _restarts(seen):
    return evolve(status, message=told)
  # Waiting to begin again is no waiting to begin.
  again = f"attempt {_restarts(seen) + 1} is {status.reason}: {told}"
  return evolve(status, phase=Phase.RUNNING, reason="Retrying", message=again)


def _restarts(seen: Seen) -> int:
  """How often a JobSet was started again."""
  job = seen.job or {}
  return int(job.get("status", {}).get("restarts", 0))


def _first(idle: Pod, heads: list[Pod]) -> bool:
  """Whether a pod is one that the job began with, and none made later."""
  began = _began(heads[0]) if heads else None
  if began is None:
    return True
  made = pods.time(idle["metadata"]["creationTimestamp"])
  return made <= pods.time(began) + _TOGETHER


def _began(head: Pod) -> str | None:
  """When the head's program started, as far back as the pod tells."""
  main = pods.main(head)
  for state in (main.get("lastState") or {}, main.get("state") or {}):
    for each in ("terminated", "running"):
      if each in state:
        return str(state[each]["startedAt"])
  return None


def _degraded(status: JobStatus, seen: Seen) -> JobStatus:
  """A job that runs, with what has happened to its workers meanwhile."""
  missing = [
    parts.tag(each)
    for each in parts.workers(seen.pods)
    if pods.state(each, "running") is None
  ]
  first = parts.first_failure(seen.pods)
  if first is None and not missing:
    return status
  told = f"not running: {', '.join(missing)}" if missing else "all run again"
  if first is not None:
    cause = first.status
    told = f"{first.part} ended with {cause.reason} ({cause.message}); {told}"
  return evolve(status, reason="Degraded", message=told)
