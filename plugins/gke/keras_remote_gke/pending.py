"""Why a job does not run yet: the dominant reason, and what helps; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from keras_remote_core.model import JobStatus, Phase
from keras_remote_gke import pods, wanting
from keras_remote_gke.pods import Pod

Event = Mapping[str, Any]

_PULLING = frozenset(
  {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"}
)
_SCALING = ("FailedScaleUp", "NotTriggerScaleUp", "TriggeredScaleUp")
# What GKE's autoscaler says where Compute Engine has no more machines.
_STOCKOUT = re.compile(
  r"out of resources|stockout|RESOURCE_POOL_EXHAUSTED|enough resources",
  re.IGNORECASE,
)


def without_pods(events: Sequence[Event]) -> JobStatus:
  """The status of a Job that has no pod yet."""
  if refused := _newest(events, "FailedCreate"):
    message = str(refused.get("message", ""))
    return _status("PodsRefused", message, _pods_remedy(message))
  return _status("Submitted", "the cluster has the Job, and no pod of it yet")


def status(pod: Pod, events: Sequence[Event]) -> JobStatus:
  """The status of a job whose newest pod has not started."""
  if waiting := pods.state(pod, "waiting"):
    return _container(pod, waiting, events)
  scheduled = pods.condition(pod, "PodScheduled")
  if scheduled.get("status") == "False":
    return _unscheduled(pod, str(scheduled.get("message", "")), events)
  if scheduled.get("status") == "True":
    return _status("Starting", f"on node {pod['spec'].get('nodeName')}")
  return _status("Scheduling", "a node is being chosen")


def _container(
  pod: Pod, waiting: Mapping[str, Any], events: Sequence[Event]
) -> JobStatus:
  reason = str(waiting.get("reason", ""))
  message = str(waiting.get("message", ""))
  if reason in _PULLING:
    return _status(
      "ImagePull",
      f"the image {pods.image(pod)} cannot be pulled: {message or reason}",
      "correct container_image=, or let the nodes read it: grant their service"
      " account roles/artifactregistry.reader",
    )
  if reason == "CreateContainerConfigError":
    return _status(
      "ConfigError",
      message,
      "keras-remote jobs delete, then submit again",
    )
  if reason in ("CreateContainerError", "RunContainerError", "StartError"):
    return _status(
      "CannotStart", message, "use an image that has python3, 3.11 or newer"
    )
  pulling = _newest(events, "Pulling", "Pulled", "Created")
  if pulling and pulling.get("reason") == "Pulling":
    return _status("Pulling", str(pulling.get("message", "")))
  return _status("Starting", f"on node {pod['spec'].get('nodeName')}")


def _unscheduled(pod: Pod, message: str, events: Sequence[Event]) -> JobStatus:
  scaling = _newest(events, *_SCALING)
  told = str(scaling.get("message", "")) if scaling else ""
  kind = scaling.get("reason") if scaling else None
  if kind == "TriggeredScaleUp":
    return _status("ScalingUp", f"a node is being added: {told}")
  if kind == "FailedScaleUp":
    return _not_scaled(pod, told)
  if "Insufficient" in message:
    remedy = "wait for other jobs to end, or raise the pool's maximum"
    return _status("Unschedulable", f"{message} {told}".strip(), remedy)
  if "untolerated taint" in message and "didn't match" not in message:
    return _status(
      "Taint",
      message,
      "take the taint off a pool, or ask for what the pool is for",
    )
  if "didn't match" in message:
    return _status("NoNodePool", f"{_wanted(pod)}: {message}", _pool(pod))
  return _status("Unschedulable", f"{message} {told}".strip())


def _not_scaled(pod: Pod, told: str) -> JobStatus:
  if "quota" in told.lower():
    return _status(
      "Quota",
      told,
      "ask for more of it: https://console.cloud.google.com/iam-admin/quotas",
    )
  if _STOCKOUT.search(told):
    asked = wanting.selector(pod)
    spot = "spot capacity" if wanting.SPOT in asked else "capacity"
    return _status(
      "NoCapacity",
      f"the zone has no {spot} for this now: {told}",
      "try another zone=, a reservation= or flex_start=True",
    )
  return _status("ScaleUpFailed", told, _pool(pod))


def _wanted(pod: Pod) -> str:
  labels = ", ".join(
    f"{k}={v}" for k, v in sorted(wanting.selector(pod).items())
  )
  return f"no node has the labels {labels}" if labels else "no node fits"


def _pool(pod: Pod) -> str:
  return f"add a node pool: keras-remote pool add {wanting.options(pod)}"


def _pods_remedy(message: str) -> str | None:
  if "serviceaccount" in message.lower():
    return "kubectl create serviceaccount NAME, or correct service_account="
  if "quota" in message:
    return "wait for other jobs, or have the namespace's quota raised"
  return None


def _newest(events: Sequence[Event], *reasons: str) -> Event | None:
  found = [each for each in events if each.get("reason") in reasons]
  return max(found, key=_time, default=None)


def _time(event: Event) -> str:
  return str(event.get("lastTimestamp") or event.get("eventTime") or "")


def _status(reason: str, message: str, remedy: str | None = None) -> JobStatus:
  return JobStatus(
    phase=Phase.PENDING, reason=reason, message=message, remedy=remedy
  )
