"""The container that runs a job, and what is mounted into it; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keras_remote_core import variables
from keras_remote_core.model import Accelerator, Plan, Submission
from keras_remote_gke import hosts, machines, names
from keras_remote_gke.settings import GkeSettings
from keras_remote_runner import claiming

NAME = "main"
RUNNER_FILE = "runner.pyz"
KEY = variables.KEY
"""The job's own key, in its environment and in its Secret."""

_RUNNER = "/opt/keras-remote"
SCRATCH = "/var/keras-remote"
_SHARED_MEMORY = "/dev/shm"
# Where GKE mounts the driver; images made for CUDA look there by themselves.
_DRIVER = "/usr/local/nvidia/lib64"

# Enough for the runner, and little enough for any machine: pods that ask for
# nothing are the first to go when a node runs short.
_LITTLE_CPU, _LITTLE_MEMORY = "500m", "2Gi"


def main(submission: Submission, settings: GkeSettings) -> dict[str, Any]:
  """The container; its image was found or built before."""
  accelerator = submission.plan.resources.accelerator
  return {
    "name": NAME,
    "image": submission.image.reference,
    "command": [
      "python3",
      f"{_RUNNER}/{RUNNER_FILE}",
      *map(_literal, submission.arguments),
      *hosts.arguments(submission.plan),
    ],
    "env": _environment(submission),
    "resources": _resources(accelerator, settings),
    "securityContext": {"allowPrivilegeEscalation": False},
    "terminationMessagePolicy": "FallbackToLogsOnError",
    "volumeMounts": _mounts(accelerator),
  }


def volumes(
  submission: Submission, settings: GkeSettings
) -> list[dict[str, Any]]:
  """What ``main`` mounts."""
  config_map = names.runner_name(submission.runner_sha256)
  scratch = {"sizeLimit": settings.disk} if settings.disk else {}
  made: list[dict[str, Any]] = [
    {"name": "runner", "configMap": {"name": config_map}},
    {"name": "scratch", "emptyDir": scratch},
  ]
  if _shares_memory(submission.plan.resources.accelerator):
    made.append({"name": "shm", "emptyDir": {"medium": "Memory"}})
  return made


def _literal(text: str) -> str:
  """Text that Kubernetes replaces no ``$(VARIABLE)`` in."""
  return text.replace("$", "$$")


def _mounts(accelerator: Accelerator) -> list[dict[str, Any]]:
  made: list[dict[str, Any]] = [
    {"name": "runner", "mountPath": _RUNNER, "readOnly": True},
    {"name": "scratch", "mountPath": SCRATCH},
  ]
  if _shares_memory(accelerator):
    made.append({"name": "shm", "mountPath": _SHARED_MEMORY})
  return made


def _shares_memory(accelerator: Accelerator) -> bool:
  """Whether 64 MB of shared memory, the usual, would be too little.

  Data loaders of several processes and NCCL pass arrays through it.
  """
  return accelerator.kind != "cpu"


def _environment(submission: Submission) -> list[dict[str, Any]]:
  secret = names.object_name(submission.plan.job_id)
  plain = dict(_variables(submission.plan))
  carried = [*sorted(submission.secrets.keys() - plain.keys()), KEY]
  uid = {"fieldRef": {"fieldPath": "metadata.uid"}}
  return [
    *({"name": name, "value": value} for name, value in plain.items()),
    {"name": claiming.POD, "valueFrom": uid},
    *hosts.environment(submission.plan),
    *(_from_secret(name, secret) for name in carried),
  ]


def _variables(plan: Plan) -> Iterator[tuple[str, str]]:
  """What the runner and the machine need; the user's travel by the manifest.

  What TPUs need is set by their nodes.
  """
  yield "PYTHONUNBUFFERED", "1"
  yield "KERAS_REMOTE_SCRATCH", SCRATCH
  own_image = plan.image_builder.name == "given"
  if plan.resources.accelerator.kind == "gpu" and not own_image:
    yield "LD_LIBRARY_PATH", _DRIVER


def _from_secret(name: str, secret: str) -> dict[str, Any]:
  reference = {"name": secret, "key": name}
  return {"name": name, "valueFrom": {"secretKeyRef": reference}}


def _resources(
  accelerator: Accelerator, settings: GkeSettings
) -> dict[str, dict[str, str]]:
  """Requests and limits.

  What memory and disk were asked for is the limit too, so that whoever goes
  beyond it is told so and no neighbour pays. CPUs that are idle may be used.
  """
  limits = _limits(accelerator, settings)
  least = {"cpu": _cpus(accelerator, settings), "memory": _LITTLE_MEMORY}
  requests = {"requests": {**least, **limits}}
  return {**requests, "limits": limits} if limits else requests


def _limits(accelerator: Accelerator, settings: GkeSettings) -> dict[str, str]:
  resource = machines.resource(accelerator)
  asked = {"memory": settings.memory, "ephemeral-storage": settings.disk}
  limits = {name: amount for name, amount in asked.items() if amount}
  return {**limits, resource[0]: str(resource[1])} if resource else limits


def _cpus(accelerator: Accelerator, settings: GkeSettings) -> str:
  if settings.cpu:
    return settings.cpu
  named = accelerator.kind == "cpu" and accelerator.chips
  return str(named) if named else _LITTLE_CPU
