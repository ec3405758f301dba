"""From what a cluster shows to where a job stands, and why; pure.

Whether a Job has ended is read from its Complete and Failed conditions alone:
a pod that ended may be followed by another.
"""

from __future__ import annotations

from attrs import evolve

from keras_remote_core.model import JobStatus, Phase
from keras_remote_gke import failures, pending, pods
from keras_remote_gke.pods import Pod
from keras_remote_gke.seen import Seen

GONE = "Lost"


def judge(seen: Seen) -> JobStatus:
  """Where the job stands by what its cluster shows."""
  if seen.job is None:
    return JobStatus(
      phase=Phase.FAILED,
      reason=GONE,
      message="the cluster has no such Job, and the job left nothing",
      remedy="submit it again; if it should be there, check"
      " KERAS_REMOTE_CLUSTER and KERAS_REMOTE_GKE_NAMESPACE",
    )
  if seen.condition("Complete"):
    return JobStatus(phase=Phase.SUCCEEDED, reason="Returned")
  if failed := seen.condition("Failed"):
    return failures.status(failed, seen.pods, seen.events)
  if seen.stopping:
    return JobStatus(
      phase=Phase.RUNNING,
      reason="Stopping",
      message="the Job was deleted, and its pods are ending",
    )
  return _unfinished(seen)


def _unfinished(seen: Seen) -> JobStatus:
  idle = seen.idle
  if seen.condition("Suspended"):
    return JobStatus(
      phase=Phase.PENDING,
      reason="Queued",
      message="the Job is suspended: its queue has not admitted it yet",
      remedy="kubectl describe workloads, or ask who runs the queue",
    )
  if not seen.pods:
    return pending.without_pods(seen.events)
  if idle is not None:
    return _again(pending.status(idle, seen.events), idle, seen)
  disruptions = filter(None, map(pods.disruption, seen.newest))
  if taken := next(disruptions, None):
    return JobStatus(
      phase=Phase.RUNNING,
      reason=failures.DISRUPTIONS.get(taken["reason"], "Disrupted"),
      message=taken.get("message", ""),
    )
  return JobStatus(phase=Phase.RUNNING, reason="Running")


def _again(waiting: JobStatus, idle: Pod, seen: Seen) -> JobStatus:
  """A host that has run before is retried, which is no waiting to begin."""
  host = pods.worker(idle)
  attempts = [each for each in seen.pods if pods.worker(each) == host]
  if not any(map(pods.started, attempts)):
    several = len(seen.newest) > 1
    told = f"host {host}: {waiting.message}" if several else waiting.message
    return evolve(waiting, message=told)
  return JobStatus(
    phase=Phase.RUNNING,
    reason="Retrying",
    message=f"attempt {len(attempts)} is {waiting.reason}: {waiting.message}",
    remedy=waiting.remedy,
  )
