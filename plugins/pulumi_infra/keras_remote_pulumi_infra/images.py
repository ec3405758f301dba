"""The repository that images of jobs are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keras_remote_pulumi_infra import names
from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Input, Resource

_UNTAGGED_SECONDS = 30 * 86400


def repository(config: InfraConfig, after: Sequence[Resource]) -> Input[str]:
  """The repository, by its name in its region; made unless others made it.

  Jobs find images by their tags, and only who reads the jobs' bucket knows
  which of them are in use: ``keras-remote image prune``. So nothing that has a
  tag goes by itself, and what lost it stays for as long as a job may wait.
  """
  from pulumi import ResourceOptions
  from pulumi_gcp import artifactregistry

  if config.adopt_repository:
    return config.repository
  condition = artifactregistry.RepositoryCleanupPolicyConditionArgs(
    tag_state="UNTAGGED", older_than=f"{_UNTAGGED_SECONDS}s"
  )
  made = artifactregistry.Repository(
    "repository",
    project=config.project,
    location=config.region,
    repository_id=config.repository,
    format="DOCKER",
    labels=names.LABELS,
    cleanup_policies=[
      artifactregistry.RepositoryCleanupPolicyArgs(
        id="untagged", action="DELETE", condition=condition
      )
    ],
    opts=ResourceOptions(depends_on=after),
  )
  name: Input[str] = made.repository_id
  return name
