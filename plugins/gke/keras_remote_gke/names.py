"""Names, labels and annotations of a job's objects; pure."""

from __future__ import annotations

import re

from keras_remote_core.model import Plan

JOB = "keras-remote/job-id"
USER = "keras-remote/user"
HANDLE = "keras-remote/handle"
"""The annotation that holds a job's handle, for whoever lists the jobs."""
ROLE, HEAD, WORKER = "keras-remote/role", "head", "worker"
"""What tells pods that work for a job from the one that runs its function."""
MANAGED = ("app.kubernetes.io/managed-by", "keras-remote")
QUEUE = "kueue.x-k8s.io/queue-name"

_OURS = "keras-remote/"
# What the Job controller itself writes and selects pods by.
_CONTROLLERS = re.compile(r"batch\.kubernetes\.io/.*|job-name|controller-uid")
_LONGEST_VALUE = 63


def object_name(job_id: str) -> str:
  """The name of a job's Job and of its Secret."""
  return job_id


def runner_name(sha256: str) -> str:
  """The name of the ConfigMap that holds the ``runner.pyz`` of a digest."""
  return f"keras-remote-runner-{sha256[:16]}"


def user(name: str) -> str:
  """A user's name as a label value; empty where nothing of it can be one."""
  allowed = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
  return allowed.strip("-_.")[:_LONGEST_VALUE].rstrip("-_.")


def labels(plan: Plan) -> dict[str, str]:
  """What a job's own objects are found by."""
  found = {JOB: plan.job_id, MANAGED[0]: MANAGED[1]}
  submitter = user(plan.user)
  return {**found, USER: submitter} if submitter else found


def reserved(key: str) -> bool:
  """Whether a label or annotation of this key is not the user's to set."""
  ours = key.startswith(_OURS) or key in (MANAGED[0], QUEUE)
  return ours or _CONTROLLERS.fullmatch(key) is not None
