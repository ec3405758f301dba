"""A job as a JobSet, which ends by itself; pure."""

from __future__ import annotations

import math
from typing import Any

from keras_remote_core.model import JobHandle, Submission
from keras_remote_gke import manifest, names, retrying
from keras_remote_pathways import pods
from keras_remote_pathways.settings import PathwaysSettings

GROUP, PLURAL = "jobset.x-k8s.io/v1alpha2", "jobsets"
_LABELS = "jobset.sigs.k8s.io"
_HEAD, _WORKER = "head", "worker"
# One slice, one pool: a pool of several machines is one slice.
_EXCLUSIVE = {
  "alpha.jobset.sigs.k8s.io/exclusive-topology": "cloud.google.com/gke-nodepool"
}
# As often as xpk: how often workers may crash, in all, before the job fails.
_CRASHES_PER_HOST = 4


def job_set(
  submission: Submission, settings: PathwaysSettings, handle: JobHandle
) -> dict[str, Any]:
  """The JobSet, which carries its own handle."""
  name = names.object_name(submission.plan.job_id)
  return {
    "apiVersion": GROUP,
    "kind": "JobSet",
    "metadata": manifest.described(submission, settings, handle),
    "spec": {
      "ttlSecondsAfterFinished": math.ceil(settings.ttl),
      "network": {"enableDNSHostnames": True, "publishNotReadyAddresses": True},
      "startupPolicy": {"startupPolicyOrder": "InOrder"},
      "successPolicy": {"operator": "All", "targetReplicatedJobs": [_HEAD]},
      "failurePolicy": _failure_policy(settings.retries),
      "replicatedJobs": [
        _head(submission, settings, f"{name}-{_HEAD}-0-0.{name}"),
        _workers(submission, settings, f"{name}-{_HEAD}-0-0.{name}"),
      ],
    },
  }


def _failure_policy(retries: int) -> dict[str, Any]:
  """Starts everything anew, unless the function itself has failed."""
  if not retries:
    return {"maxRestarts": 0}
  final = {
    "name": "function-failed",
    "action": "FailJobSet",
    "onJobFailureReasons": ["PodFailurePolicy"],
    "targetReplicatedJobs": [_HEAD],
  }
  return {"maxRestarts": retries, "rules": [final]}


def _head(
  submission: Submission, settings: PathwaysSettings, address: str
) -> dict[str, Any]:
  spec = {
    # A head starts again with all of its workers, or not at all.
    **retrying.policy(0),
    **manifest.deadline(submission.plan),
    "completionMode": "Indexed",
    "completions": 1,
    "parallelism": 1,
    "template": pods.head(submission, settings, address),
  }
  return {"name": _HEAD, "replicas": 1, "template": {"spec": spec}}


def _workers(
  submission: Submission, settings: PathwaysSettings, address: str
) -> dict[str, Any]:
  hosts = submission.plan.resources.accelerator.hosts
  template = pods.worker(submission, settings, address)
  template["spec"]["restartPolicy"] = "OnFailure"
  (only,) = template["spec"]["containers"]
  only["env"] += _slices(settings.slices, address)
  spec = {
    "backoffLimit": hosts * _CRASHES_PER_HOST,
    "completionMode": "Indexed",
    "completions": hosts,
    "parallelism": hosts,
    "template": template,
  }
  return {
    "name": _WORKER,
    "replicas": settings.slices,
    "template": {"metadata": {"annotations": dict(_EXCLUSIVE)}, "spec": spec},
  }


def _slices(count: int, address: str) -> list[dict[str, Any]]:
  """What tells a worker which slice it belongs to."""
  label = f"metadata.labels['{_LABELS}/job-index']"
  return [
    {"name": "MEGASCALE_NUM_SLICES", "value": str(count)},
    {
      "name": "MEGASCALE_SLICE_ID",
      "valueFrom": {"fieldRef": {"fieldPath": label}},
    },
    {"name": "MEGASCALE_COORDINATOR_ADDRESS", "value": address},
  ]
