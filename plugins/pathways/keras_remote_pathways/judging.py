"""Where a job on Pathways stands, by its cluster and its store."""

from __future__ import annotations

from attrs import evolve

from keras_remote_core import stored
from keras_remote_core.model import JobHandle, JobStatus, Phase
from keras_remote_gke import evidence, judging, pods
from keras_remote_gke.pods import Pod
from keras_remote_gke.seen import Seen
from keras_remote_gke.site import Site
from keras_remote_pathways import parts, statuses

_SHOWN = 8


def judge(site: Site, handle: JobHandle, seen: Seen) -> JobStatus:
  """The status; what a failure leaves in the cluster is kept in the store."""
  if seen.job is None:
    return _gone(site, handle, seen)
  status = _ended(site, handle, seen)
  if status is None:
    return statuses.judge(seen)
  if status.phase is Phase.FAILED:
    shown = evolve(seen, pods=_telling(seen.pods))
    return evidence.keep(site.api, site.paths, site.store, shown, status)
  return status


def _gone(site: Site, handle: JobHandle, seen: Seen) -> JobStatus:
  """The status of a job that the cluster has nothing of any more.

  It was removed because its outcome was there: what was known of a failure at
  that time stays.
  """
  known = judging.gone(site, handle, statuses.judge(seen))
  if known.phase is Phase.FAILED:
    return evidence.recall(site.store, handle.job_id) or known
  return known


def _ended(site: Site, handle: JobHandle, seen: Seen) -> JobStatus | None:
  """The last status, of a job that has ended."""
  if not seen.ended:
    return None
  status = statuses.judge(seen)
  if status.phase is Phase.SUCCEEDED:
    return status
  known = stored.status(site.store, handle)
  if known is None or not known.phase.terminal:
    return status if status.phase.terminal else _without_a_word(handle, seen)
  if known.phase is not Phase.FAILED:
    return known
  return statuses.blame(known, parts.first_failure(seen.pods))


def _without_a_word(handle: JobHandle, seen: Seen) -> JobStatus:
  status = JobStatus(
    phase=Phase.FAILED,
    reason="RunnerFailed",
    message="the job's program ended and left no outcome",
    remedy=f"keras-remote jobs logs {handle.job_id}",
  )
  return statuses.blame(status, parts.first_failure(seen.pods))


def _telling(found: tuple[Pod, ...]) -> tuple[Pod, ...]:
  """The pods that say most of a failure: the head, and those that failed."""
  failed = [
    each
    for each in parts.workers(found)
    if parts.first_failure([each]) or not pods.started(each)
  ]
  return (*failed[: _SHOWN - 1], *parts.heads(found)[-1:])
