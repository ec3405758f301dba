"""Where a job stands, by what its cluster shows and its store holds.

The cluster says whether the job has ended; the job's own outcome, where there
is one, says best of what.
"""

from __future__ import annotations

from attrs import evolve

from keras_remote_core import stored
from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_gke import evidence, failures, statuses
from keras_remote_gke.seen import Seen
from keras_remote_gke.site import Site
from keras_remote_runner import keys

_STOPPED = "Stopped"


def judge(site: Site, handle: JobHandle, seen: Seen) -> JobStatus:
  """The status; what a failure leaves in the cluster is kept in the store."""
  status = statuses.judge(seen)
  if seen.job is None:
    return gone(site, handle, status)
  if status.phase is not Phase.FAILED:
    return status
  status = evidence.keep(site.api, site.paths, site.store, seen, status)
  return of_outcome(site, handle, status)


def of_outcome(site: Site, handle: JobHandle, status: JobStatus) -> JobStatus:
  """A failure in the job's own words, where it knows better.

  A job that returned did so, even where its node went before it could say so.
  """
  known = stored.status(site.store, handle)
  if known is None or not known.phase.terminal:
    return _explained(status, handle)
  if known.phase is not Phase.FAILED:
    return known
  if status.reason in failures.TOLD_BY_THE_JOB and known.reason != _STOPPED:
    return known
  return status


def gone(site: Site, handle: JobHandle, status: JobStatus) -> JobStatus:
  """The status of a job whose Job is no longer, or never was, there."""
  known = stored.status(site.store, handle)
  if known is not None and known.phase.terminal and known.reason != _STOPPED:
    return known
  if site.store.exists(keys.cancelled(handle.job_id)):
    return JobStatus(phase=Phase.CANCELLED, reason="Cancelled")
  if kept := evidence.recall(site.store, handle.job_id):
    return kept
  if known is None:
    return status
  return JobStatus(
    phase=Phase.FAILED,
    reason="Deleted",
    message="somebody deleted the Job from the cluster before it had ended",
    remedy="submit it again",
  )


def _explained(status: JobStatus, handle: JobHandle) -> JobStatus:
  """A failure of which nobody knows more than that the container ended."""
  if status.reason not in failures.TOLD_BY_THE_JOB:
    return status
  return evolve(status, remedy=f"keras-remote jobs logs {handle.job_id}")
