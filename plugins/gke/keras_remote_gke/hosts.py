"""How many hosts a job has, and how they find each other; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_core.model import Plan, Resources
from keras_remote_gke import names
from keras_remote_gke.settings import GkeSettings
from keras_remote_runner import distributed

PRELUDE = "keras_remote_runner.distributed:initialize"
INDEX = "batch.kubernetes.io/job-completion-index"

_PORT = 8482
_POOL = "cloud.google.com/gke-nodepool"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def count(resources: Resources, settings: GkeSettings) -> int:
  """As many as a TPU's topology takes, or as were asked for."""
  accelerator = resources.accelerator
  return settings.hosts if accelerator.kind == "gpu" else accelerator.hosts


def service(plan: Plan) -> dict[str, Any]:
  """The spec of the Service that gives the pods of all hosts names."""
  return {
    "clusterIP": "None",
    # Hosts look for each other before any of them is ready.
    "publishNotReadyAddresses": True,
    "selector": {names.JOB: plan.job_id},
  }


def indexed(plan: Plan) -> dict[str, Any]:
  """The part of a Job's spec that has it run on every host at a time."""
  if plan.processes == 1:
    return {}
  return {
    "completionMode": "Indexed",
    "completions": plan.processes,
    "parallelism": plan.processes,
  }


def arguments(plan: Plan) -> list[str]:
  """What tells the runner which host it is on."""
  return [] if plan.processes == 1 else ["--host", "$(JOB_COMPLETION_INDEX)"]


def environment(plan: Plan) -> list[dict[str, Any]]:
  """What tells JAX where the others are.

  Of the hosts of a TPU, GKE tells it more than anybody here knows, unless a
  part of it is set already.
  """
  if plan.processes == 1 or plan.resources.accelerator.kind == "tpu":
    return []
  name = names.object_name(plan.job_id)
  index = {"fieldRef": {"fieldPath": f"metadata.annotations['{INDEX}']"}}
  return [
    {"name": distributed.COORDINATOR, "value": f"{name}-0.{name}:{_PORT}"},
    {"name": distributed.PROCESSES, "value": str(plan.processes)},
    {"name": distributed.PROCESS, "valueFrom": index},
  ]


def placement(plan: Plan) -> dict[str, Any]:
  """The part of a pod's spec that names its host and keeps hosts together."""
  if plan.processes == 1:
    return {}
  made: dict[str, Any] = {"subdomain": names.object_name(plan.job_id)}
  if plan.resources.accelerator.kind == "tpu":
    made["affinity"] = _one_slice(plan.job_id)
  return made


def _one_slice(job_id: str) -> dict[str, Any]:
  """All pods in one node pool, which is one slice, and nobody else's in it.

  Two jobs that got a part of two slices each would wait for each other.
  """

  def term(*expressions: dict[str, Any]) -> list[dict[str, Any]]:
    selector = {"matchExpressions": list(expressions)}
    return [{"labelSelector": selector, "topologyKey": _POOL}]

  def own(operator: str) -> dict[str, Any]:
    return {"key": names.JOB, "operator": operator, "values": [job_id]}

  return {
    "podAffinity": {_REQUIRED: term(own("In"))},
    "podAntiAffinity": {
      _REQUIRED: term({"key": names.JOB, "operator": "Exists"}, own("NotIn"))
    },
  }
