"""Which part of a job a pod is, and which of them failed first; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from keras_remote_core.model import JobStatus, Phase
from keras_remote_gke import failures, names, pods
from keras_remote_gke.pods import Pod
from keras_remote_pathways import processes
from keras_remote_runner import outcome

_LEADER_WORKER = "leaderworkerset.sigs.k8s.io/worker-index"
_SLICE = "jobset.sigs.k8s.io/job-index"
_INDEX = "batch.kubernetes.io/job-completion-index"
_PROXY = processes.PROXY
_BESIDE = {processes.MANAGER: "rm", _PROXY: "proxy"}
_STARVED = "OOMKilled"
_RUNNERS = frozenset(
  {0, outcome.RAISED, outcome.REFUSED, outcome.FAILED, outcome.STOPPED}
)
HEAD = "head"


@frozen(kw_only=True)
class Failure:
  """A container that ended as nobody wanted, or a pod that was taken away.

  Args:
    part: such as ``head``, ``proxy``, ``rm`` or ``w3``.
    time: when, as Kubernetes writes it.
  """

  part: str
  time: str
  status: JobStatus


def heads(found: Sequence[Pod]) -> list[Pod]:
  """Those that run the function, or did, oldest first."""
  return [each for each in found if pods.label(each, names.ROLE) == names.HEAD]


def workers(found: Sequence[Pod]) -> list[Pod]:
  return [
    each for each in found if pods.label(each, names.ROLE) == names.WORKER
  ]


def tag(pod: Pod) -> str:
  """``head``, or ``w`` with the worker's number, after its slice's if told."""
  if pods.label(pod, names.ROLE) != names.WORKER:
    return HEAD
  index = pods.label(pod, _LEADER_WORKER)
  if index is not None:
    # The head is the first one.
    return f"w{int(index) - 1}"
  slices, number = pods.label(pod, _SLICE), pods.label(pod, _INDEX)
  return f"w{slices}.{number}"


def beside(container: str) -> str:
  """What a container that accompanies the function is called."""
  return _BESIDE.get(container, container)


def first_failure(found: Sequence[Pod]) -> Failure | None:
  """What went wrong before anything else did, which is often why it did."""
  failed = [failure for pod in found for failure in _failures(pod)]
  return min(failed, key=lambda failure: failure.time, default=None)


def _failures(pod: Pod) -> Iterator[Failure]:
  if taken := pods.disruption(pod):
    time = str(taken.get("lastTransitionTime", ""))
    yield Failure(part=tag(pod), time=time, status=failures.of_pod(pod))
  status = pod.get("status", {})
  for each in status.get("containerStatuses") or ():
    yield from _of_container(pod, each, tag(pod))
  for each in status.get("initContainerStatuses") or ():
    yield from _of_container(pod, each, beside(each["name"]))


def _of_container(
  pod: Pod, container: Mapping[str, Any], part: str
) -> Iterator[Failure]:
  """Ends of a container: the last one, and the one before it started again."""
  for state in ("lastState", "state"):
    ended = (container.get(state) or {}).get("terminated")
    if ended and not _told(ended, part):
      time = str(ended.get("finishedAt") or "")
      status = _status(pod, ended, part)
      yield Failure(part=part, time=time, status=status)


def _told(ended: Mapping[str, Any], part: str) -> bool:
  """Whether the end was meant, or one of which the job's outcome says more."""
  known = _RUNNERS if part == HEAD else (0, outcome.STOPPED)
  return ended.get("exitCode") in known and ended.get("reason") != _STARVED


def _status(pod: Pod, ended: Mapping[str, Any], part: str) -> JobStatus:
  if part == HEAD:
    return failures.of_container(pod, ended)
  said = str(ended.get("message", "")).strip().replace("\n", " | ")
  told = f"exited with {ended.get('exitCode')}{': ' if said else ''}{said}"
  if ended.get("reason") != _STARVED:
    return JobStatus(phase=Phase.FAILED, reason="Killed", message=told)
  return JobStatus(
    phase=Phase.FAILED,
    reason=_STARVED,
    message=f"ran out of memory and {told}",
    remedy="ask for more: proxy_memory=" if part == _BESIDE[_PROXY] else None,
  )
