"""What images, repositories and builds are called; pure."""

from __future__ import annotations

from urllib.parse import quote

from attrs import frozen

from keras_remote_cloudbuild.errors import ImageError
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_core.model import Place

_FOLDER = "jobs/"
KINDS = ("cpu", "gpu", "tpu")


@frozen(kw_only=True)
class Repository:
  """An Artifact Registry repository, and where it is built for."""

  project: str
  region: str
  name: str

  @property
  def parent(self) -> str:
    """The location, as the APIs name it."""
    return f"projects/{self.project}/locations/{self.region}"

  @property
  def resource(self) -> str:
    return f"{self.parent}/repositories/{self.name}"

  @property
  def path(self) -> str:
    """What references of its images begin with."""
    return f"{self.region}-docker.pkg.dev/{self.project}/{self.name}"

  def image(self, kind: str) -> str:
    """The reference of all images for a kind of accelerator."""
    return f"{self.path}/{_FOLDER}{kind}"

  def cache(self, kind: str, python: str) -> str:
    """The reference of the layers that builds share."""
    return f"{self.path}/{_FOLDER}cache:{kind}-{python}"

  def package(self, kind: str) -> str:
    """The images for a kind, as the API names them."""
    return f"{self.resource}/packages/{quote(f'{_FOLDER}{kind}', safe='')}"

  def tag(self, kind: str, tag: str) -> str:
    return f"{self.package(kind)}/tags/{tag}"


def repository(
  settings: CloudBuildSettings, place: Place, project: str | None = None
) -> Repository:
  """The repository that is configured.

  Args:
    project: of the credentials, where none is configured.

  Raises:
    ImageError: no project is known.
  """
  named = place.project or project
  if named is None:
    raise ImageError(
      "images need a Google Cloud project, and none is configured",
      remedy="export KERAS_REMOTE_PROJECT=your-project",
    )
  region = settings.region or (place.zone or "").rpartition("-")[0]
  return Repository(project=named, region=region, name=settings.repository)


def digest(version: str) -> str:
  """The digest that the name of a version ends with."""
  return version.rpartition("/")[2]
