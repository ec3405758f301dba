"""What things on Google Cloud are called; pure."""

from __future__ import annotations

import hashlib

from keras_remote_gcp import buckets
from keras_remote_pulumi_infra.config import InfraConfig

LABELS = {"managed-by": "keras-remote"}
"""Of all that can have labels, for whoever reads the bill."""

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
"""Of machines: what they may do is for their account's roles to say."""

_LONGEST, _LONGEST_ACCOUNT = 63, 30
_DIGITS = 4


def bucket(config: InfraConfig) -> str:
  """The bucket that jobs on the cluster use by default."""
  return buckets.name(config.project, config.cluster)


def network(config: InfraConfig) -> str:
  """The cluster's own network, its subnetwork and its router."""
  return f"{config.cluster}-net"


def account(config: InfraConfig, role: str) -> str:
  """The id of a service account, which ends with its role."""
  room = _LONGEST_ACCOUNT - len(role) - 1
  return f"{_shortened(config.cluster, room)}-{role}"


def policy(config: InfraConfig, pool: str) -> str:
  """The workload policy of a node pool, of which regions have one per name."""
  return _shortened(f"{config.cluster}-{pool}", _LONGEST)


def jobs_principal(config: InfraConfig, project_number: str) -> str:
  """Who jobs are: their Kubernetes service account, as IAM knows it."""
  return (
    f"principal://iam.googleapis.com/projects/{project_number}/locations"
    f"/global/workloadIdentityPools/{identity_pool(config)}"
    f"/subject/ns/{config.namespace}/sa/{config.service_account}"
  )


def identity_pool(config: InfraConfig) -> str:
  """The project's Workload Identity pool."""
  return f"{config.project}.svc.id.goog"


def _shortened(text: str, room: int) -> str:
  """The text, or its beginning and a digest that stands for the rest."""
  if len(text) <= room:
    return text
  digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
  return f"{text[: room - _DIGITS - 1].rstrip('-')}-{digest}"
