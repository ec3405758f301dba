"""What lets the head of a job delete the one set that it is in; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_core.model import Plan
from keras_remote_gke import manifest, names
from keras_remote_pathways import leader_worker_set
from keras_remote_pathways.settings import PathwaysSettings

GROUP = "rbac.authorization.k8s.io"


def role(plan: Plan) -> dict[str, Any]:
  """The Role, of the job's name."""
  name = names.object_name(plan.job_id)
  rule = {
    "apiGroups": [leader_worker_set.GROUP.partition("/")[0]],
    "resources": [leader_worker_set.PLURAL],
    "resourceNames": [name],
    "verbs": ["delete"],
  }
  return {**_header(plan, "Role"), "rules": [rule]}


def binding(plan: Plan, settings: PathwaysSettings) -> dict[str, Any]:
  """The RoleBinding, to the service account that the job acts as."""
  account = {
    "kind": "ServiceAccount",
    "name": settings.service_account or "default",
    "namespace": manifest.metadata(plan, "")["namespace"],
  }
  reference = {
    "apiGroup": GROUP,
    "kind": "Role",
    "name": names.object_name(plan.job_id),
  }
  made = _header(plan, "RoleBinding")
  return {**made, "roleRef": reference, "subjects": [account]}


def _header(plan: Plan, kind: str) -> dict[str, Any]:
  return {
    "apiVersion": f"{GROUP}/v1",
    "kind": kind,
    "metadata": {
      **manifest.metadata(plan, names.object_name(plan.job_id)),
      "labels": names.labels(plan),
    },
  }
