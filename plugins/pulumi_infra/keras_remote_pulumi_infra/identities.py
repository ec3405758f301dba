"""Who the machines, the jobs and the builds are, and what they may do.

Roles: GKE's "Use least privilege service accounts", and the cloudbuild plugin's
own list. Whoever builds images has to be allowed to act as the account of the
builds, by ``roles/iam.serviceAccountUser`` on it; owners of the project are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Input, Output, Resource

NODE_ROLES = {
  "defaults": "roles/container.defaultNodeServiceAccount",
  # What image streaming takes.
  "streaming": "roles/serviceusage.serviceUsageConsumer",
}
"""Of the machines, in the whole project: logs, metrics, and nothing to read."""

BUCKET_ROLES = {
  "objects": "roles/storage.objectUser",
  # Libraries for checkpoints ask what kind of bucket it is. So may Cloud Build,
  # whose page on logs has all of storage.admin granted.
  "bucket": "roles/storage.legacyBucketReader",
}
"""Of jobs and of builds, in the bucket of the jobs."""


def nodes(config: InfraConfig, after: Sequence[Resource]) -> Output[str]:
  """The account of the machines, by its email; none of it reaches jobs."""
  email = _account(config, "nodes", "machines", after)
  for name, role in NODE_ROLES.items():
    _of_project(config, f"role-nodes-{name}", role, email)
  return email


def builds(config: InfraConfig, after: Sequence[Resource]) -> Output[str]:
  """The account that builds images, by its email."""
  email = _account(config, "builds", "image builds", after)
  _of_project(config, "role-builds-logs", "roles/logging.logWriter", email)
  return email


def on_repository(
  config: InfraConfig,
  repository: Input[str],
  *,
  nodes: Input[str],
  builds: Input[str],
) -> None:
  """Machines read images, and builds write them."""
  from pulumi_gcp import artifactregistry

  for who, email, role in (
    ("nodes", nodes, "roles/artifactregistry.reader"),
    ("builds", builds, "roles/artifactregistry.writer"),
  ):
    artifactregistry.RepositoryIamMember(
      f"role-{who}-images",
      project=config.project,
      location=config.region,
      repository=repository,
      role=role,
      member=_member(email),
    )


def on_bucket(
  bucket: Input[str],
  *,
  builds: Input[str],
  jobs: Input[str],
  after: Sequence[Resource],
) -> None:
  """Jobs and builds read and write the bucket of the jobs, and no other.

  Args:
    after: what makes jobs known to IAM.
  """
  from pulumi import ResourceOptions
  from pulumi_gcp import storage

  known = ResourceOptions(depends_on=after)
  for who, member, opts in (
    ("builds", _member(builds), None),
    ("jobs", jobs, known),
  ):
    for name, role in BUCKET_ROLES.items():
      storage.BucketIAMMember(
        f"role-{who}-{name}", bucket=bucket, role=role, member=member, opts=opts
      )


def _account(
  config: InfraConfig, role: str, told: str, after: Sequence[Resource]
) -> Output[str]:
  from pulumi import ResourceOptions
  from pulumi_gcp import serviceaccount

  made = serviceaccount.Account(
    f"account-{role}",
    project=config.project,
    account_id=names.account(config, role),
    display_name=f"keras-remote: {told} of {config.cluster}",
    opts=ResourceOptions(depends_on=after),
  )
  email: Output[str] = made.email
  return email


def _of_project(
  config: InfraConfig, name: str, role: str, email: Input[str]
) -> None:
  from pulumi_gcp import projects

  projects.IAMMember(
    name, project=config.project, role=role, member=_member(email)
  )


def _member(email: Input[str]) -> Any:
  from pulumi import Output

  return Output.concat("serviceAccount:", email)
