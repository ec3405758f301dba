"""The Google APIs that clusters, images and jobs take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Resource

NAMES = (
  "artifactregistry",
  "cloudbilling",
  "cloudbuild",
  "cloudresourcemanager",
  "compute",
  "container",
  "containerfilesystem",
  "iam",
  "storage",
)
"""Each before ``.googleapis.com``; GKE's brings several others along."""


def enable(config: InfraConfig) -> list[Resource]:
  """Turns the APIs on; they stay on, for others may use them by then."""
  from pulumi_gcp import projects

  return [
    projects.Service(
      f"api-{name}",
      project=config.project,
      service=f"{name}.googleapis.com",
      disable_on_destroy=False,
    )
    for name in NAMES
  ]
