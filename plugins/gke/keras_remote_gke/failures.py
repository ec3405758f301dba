"""Why a Job failed: the cause behind its condition, and what helps; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from keras_remote_core.model import JobStatus, Phase
from keras_remote_gke import pods
from keras_remote_gke.pods import Pod
from keras_remote_runner import outcome

DISRUPTIONS: Mapping[str, str] = {
  "PreemptionByScheduler": "Preempted",
  "TerminationByKubelet": "NodeShutdown",
  "EvictionByEvictionAPI": "Evicted",
  "DeletionByTaintManager": "NodeLost",
  "DeletionByPodGC": "NodeLost",
}
"""Kubernetes' reasons of the pod condition ``DisruptionTarget``."""
_EVENTS: Mapping[str, str] = {
  "Preempted": "Preempted",
  "Evicted": "Evicted",
  "NodeShutdown": "NodeShutdown",
  "TaintManagerEviction": "NodeLost",
  "NodeNotReady": "NodeLost",
}
"""Reasons of the events of a pod that is taken away."""
_RETRY = "let it start again: retries=3, and checkpoint what it has done"

RAISED, REFUSED, RUNNER = "Raised", "Refused", "RunnerFailed"
TOLD_BY_THE_JOB = frozenset({RAISED, REFUSED, RUNNER, "Killed", "Stopped"})
"""Reasons of which the job's own outcome says more."""


def status(
  failed: Mapping[str, Any],
  attempts: Sequence[Pod],
  events: Sequence[Mapping[str, Any]] = (),
) -> JobStatus:
  """The status of a Job whose condition ``Failed`` holds.

  Args:
    attempts: its pods, oldest first; those that are gone are left out.
    events: of pods that are gone.
  """
  if failed.get("reason") == "DeadlineExceeded":
    return _status(
      "DeadlineExceeded",
      f"the Job passed its deadline: {failed.get('message', '')}",
      "ask for less time in the queue, or submit again",
    )
  bad = [each for each in attempts if not _succeeded(each)]
  last = {pods.worker(each): each for each in bad}
  if not last:
    return _of_events(failed, events)
  cause = min(last.values(), key=_order)
  several = len(set(map(pods.worker, attempts))) > 1
  return _of_host(cause) if several else of_pod(cause)


def followed(pod: Pod) -> bool:
  """Whether a pod ended since another host's did: stopped, or never begun."""
  ended = pods.state(pod, "terminated") or {}
  own = ended and ended.get("exitCode") != outcome.STOPPED
  return not own and pods.disruption(pod) is None


def _order(pod: Pod) -> tuple[bool, str]:
  """Sorts that pod of several hosts first whose end led to the others'."""
  ended = pods.state(pod, "terminated") or {}
  return followed(pod), str(ended.get("finishedAt") or "")


def _of_host(pod: Pod) -> JobStatus:
  """Why one of several hosts failed; none of them can be started again."""
  found = of_pod(pod)
  again = "write checkpoints, and call again"
  return evolve(
    found,
    message=f"host {pods.worker(pod)}: {found.message}",
    remedy=again if found.remedy == _RETRY else found.remedy,
  )


def _of_events(
  failed: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> JobStatus:
  """What was said of pods that are gone, by whoever took them away."""
  for each in reversed(events):
    if reason := _EVENTS.get(str(each.get("reason"))):
      return _status(reason, str(each.get("message", "")), _RETRY)
  message = "its pods are gone: evicted, or lost with their node"
  return _status("NodeLost", f"{failed.get('message', '')}; {message}", _RETRY)


def of_pod(pod: Pod) -> JobStatus:
  """Why a pod that ended did so."""
  if taken := pods.disruption(pod):
    return _taken(pod, taken)
  whole = pod.get("status", {})
  if whole.get("reason") in ("Evicted", "NodeLost", "NodeShutdown"):
    message = f"pod {pods.name(pod)}: {whole.get('message', '')}"
    return _status(str(whole["reason"]), message, _eviction(message))
  return of_container(pod, pods.state(pod, "terminated") or {})


def of_container(pod: Pod, ended: Mapping[str, Any]) -> JobStatus:
  """Why a container of a pod ended, by its ``terminated`` state."""
  code = ended.get("exitCode")
  if ended.get("reason") == "OOMKilled":
    limit = pods.memory_limit(pod)
    used = f"its memory limit of {limit}" if limit else "its node's memory"
    return _status(
      "OOMKilled",
      f"the job used more than {used}",
      f"ask for more: memory={_twice(limit)!r}, or a larger machine",
    )
  if code in _CODES:
    return _status(_CODES[code], str(ended.get("message", "")))
  if code is None:
    message = f"pod {pods.name(pod)} is gone without a word"
    return _status("NodeLost", message, _RETRY)
  return _status("Killed", f"the container exited with {code}{_said(ended)}")


_CODES: Mapping[Any, str] = {
  outcome.RAISED: RAISED,
  outcome.REFUSED: REFUSED,
  outcome.FAILED: RUNNER,
  outcome.STOPPED: "Stopped",
}


def _taken(pod: Pod, taken: Mapping[str, Any]) -> JobStatus:
  message = _disrupted(pod, taken)
  # The kubelet's word for both a shutdown and a lack of something.
  if "low on resource" in message:
    return _status("Evicted", message, _eviction(message))
  reason = DISRUPTIONS.get(str(taken.get("reason")), "Disrupted")
  return _status(reason, message, _RETRY)


def _disrupted(pod: Pod, taken: Mapping[str, Any]) -> str:
  node = pod["spec"].get("nodeName", "its node")
  return f"the pod was taken from {node}: {taken.get('message', '')}"


def _eviction(message: str) -> str:
  if "ephemeral" in message or "disk" in message.lower():
    return "ask for more disk=, or write less"
  if "memory" in message:
    return "ask for memory=, so that a node with enough is chosen"
  return _RETRY


def _said(ended: Mapping[str, Any]) -> str:
  message = str(ended.get("message", "")).strip()
  return f": {message}" if message else ""


def _twice(limit: str | None) -> str:
  """Twice a limit such as ``16Gi``, as a suggestion."""
  digits = "".join(each for each in limit or "" if each.isdigit())
  if not limit or not limit.startswith(digits):
    return "32Gi"
  return f"{2 * int(digits)}{limit.removeprefix(digits)}"


def _succeeded(pod: Pod) -> bool:
  return bool(pod.get("status", {}).get("phase") == "Succeeded")


def _status(reason: str, message: str, remedy: str | None = None) -> JobStatus:
  return JobStatus(
    phase=Phase.FAILED, reason=reason, message=message, remedy=remedy
  )
