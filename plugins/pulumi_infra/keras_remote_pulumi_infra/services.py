"""The Google APIs that clusters, images and jobs take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keras_remote_pulumi_infra.config import InfraConfig

if TYPE_CHECKING:
  from pulumi import Resource

NAMES = (
  "artifactregistry",
  "cloudbilling",
  "cloudbuild",
  "cloudquotas",
  "cloudresourcemanager",
  "compute",
  "container",
  "containerfilesystem",
  "iam",
  "storage",
)
"""Each before ``.googleapis.com``; GKE's brings several others along."""
# By it Pulumi looks at the project before it believes that an API is on.
_FIRST = "cloudresourcemanager"


def enable(config: InfraConfig) -> list[Resource]:
  """Turns the APIs on; they stay on, for others may use them by then."""
  first = _enabled(config, _FIRST)
  others = (each for each in NAMES if each != _FIRST)
  return [first, *(_enabled(config, each, [first]) for each in others)]


def _enabled(
  config: InfraConfig, name: str, after: Sequence[Resource] = ()
) -> Resource:
  from pulumi import ResourceOptions
  from pulumi_gcp import projects

  made: Resource = projects.Service(
    f"api-{name}",
    project=config.project,
    service=f"{name}.googleapis.com",
    disable_on_destroy=False,
    opts=ResourceOptions(depends_on=after),
  )
  return made
