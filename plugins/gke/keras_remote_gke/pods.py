"""What a pod tells of itself, read from its JSON; pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

Pod = Mapping[str, Any]

MAIN = "main"
_INDEX = "batch.kubernetes.io/job-completion-index"


def name(pod: Pod) -> str:
  return str(pod["metadata"]["name"])


def worker(pod: Pod) -> str:
  """Which host of the job a pod is, as log lines name it."""
  labels = pod["metadata"].get("labels") or {}
  return str(labels.get(_INDEX, "0"))


def main(pod: Pod) -> Mapping[str, Any]:
  """The status of the container that runs the function, or nothing yet."""
  statuses = pod.get("status", {}).get("containerStatuses") or ()
  return next((each for each in statuses if each["name"] == MAIN), {})


def state(pod: Pod, kind: str) -> Mapping[str, Any] | None:
  """The main container's ``waiting``, ``running`` or ``terminated`` state."""
  found: Mapping[str, Any] | None = main(pod).get("state", {}).get(kind)
  return found


def condition(pod: Pod, kind: str) -> Mapping[str, Any]:
  """A condition of the pod, or nothing."""
  found = pod.get("status", {}).get("conditions") or ()
  return next((each for each in found if each["type"] == kind), {})


def disruption(pod: Pod) -> Mapping[str, Any] | None:
  """What took the pod away from outside, if something did."""
  found = condition(pod, "DisruptionTarget")
  return found if found.get("status") == "True" else None


def started(pod: Pod) -> bool:
  """Whether the main container has ever run."""
  return bool(state(pod, "running") or state(pod, "terminated"))


def over(pod: Pod) -> bool:
  return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def memory_limit(pod: Pod) -> str | None:
  """The main container's memory limit, such as ``16Gi``."""
  containers = pod["spec"]["containers"]
  found = next(each for each in containers if each["name"] == MAIN)
  limit: str | None = found.get("resources", {}).get("limits", {}).get("memory")
  return limit


def image(pod: Pod) -> str:
  containers = pod["spec"]["containers"]
  return str(next(each["image"] for each in containers if each["name"] == MAIN))


def by_age(pods: Iterable[Pod]) -> list[Pod]:
  """Oldest first; of the same second, by name."""
  return sorted(
    pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], name(pod))
  )


def time(text: str) -> datetime.datetime:
  """A Kubernetes time; it may have nanoseconds."""
  return datetime.datetime.fromisoformat(text)
