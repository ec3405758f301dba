"""What a pod tells of itself, read from its JSON; pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from keras_remote_gke import names

Pod = Mapping[str, Any]

MAIN = "main"
_INDEX = "batch.kubernetes.io/job-completion-index"


def name(pod: Pod) -> str:
  return str(pod["metadata"]["name"])


def label(pod: Pod, key: str) -> str | None:
  found: str | None = (pod["metadata"].get("labels") or {}).get(key)
  return found


def worker(pod: Pod) -> str | None:
  """Which host of the job a pod is, as log lines name it.

  None of one that works for the job and does not run its function.
  """
  helps = label(pod, names.ROLE) == names.WORKER
  return None if helps else label(pod, _INDEX) or "0"


def main(pod: Pod) -> Mapping[str, Any]:
  """The status of the container that runs the function, or nothing yet."""
  statuses = pod.get("status", {}).get("containerStatuses") or ()
  return next((each for each in statuses if each["name"] == MAIN), {})


def state(pod: Pod, kind: str) -> Mapping[str, Any] | None:
  """The main container's ``waiting``, ``running`` or ``terminated`` state."""
  found: Mapping[str, Any] | None = main(pod).get("state", {}).get(kind)
  return found


def beside(pod: Pod) -> list[str]:
  """The names of the containers that accompany the main one."""
  found = pod["spec"].get("initContainers") or ()
  return [str(each["name"]) for each in found]


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
  running, ended = state(pod, "running"), state(pod, "terminated")
  return bool(running or ended or main(pod).get("lastState"))


def parked(pod: Pod) -> bool:
  """Whether a pod that cannot end shows by its readiness that it is done."""
  return "readinessProbe" in _spec(pod) and bool(main(pod).get("ready"))


def has_node(pod: Pod) -> bool:
  return bool(pod["spec"].get("nodeName"))


def over(pod: Pod) -> bool:
  return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def memory_limit(pod: Pod) -> str | None:
  """The main container's memory limit, such as ``16Gi``."""
  limits = _spec(pod).get("resources", {}).get("limits", {})
  limit: str | None = limits.get("memory")
  return limit


def image(pod: Pod) -> str:
  return str(_spec(pod)["image"])


def by_age(pods: Iterable[Pod]) -> list[Pod]:
  """Oldest first; of the same second, those that ended first."""
  return sorted(pods, key=_age)


def _age(pod: Pod) -> tuple[str, bool, int, str]:
  metadata = pod["metadata"]
  # Versions of one kind grow; a pod that is followed by another has ended.
  version = str(metadata.get("resourceVersion", "0"))
  number = int(version) if version.isdigit() else 0
  return metadata["creationTimestamp"], not over(pod), number, name(pod)


def time(text: str) -> datetime.datetime:
  """A Kubernetes time; it may have nanoseconds."""
  return datetime.datetime.fromisoformat(text)


def _spec(pod: Pod) -> Mapping[str, Any]:
  """The main container, as it was asked for."""
  containers: list[Mapping[str, Any]] = pod["spec"]["containers"]
  return next(each for each in containers if each["name"] == MAIN)
