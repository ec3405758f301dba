"""Both services together, on one port."""

from __future__ import annotations

from collections.abc import Callable

from keras_remote_cloudbuild.testing import artifact_registry, cloud_build
from keras_remote_cloudbuild.testing.artifact_registry import ArtifactRegistry
from keras_remote_cloudbuild.testing.cloud_build import CloudBuild, World
from keras_remote_cloudbuild.testing.courses import Built, Course
from keras_remote_cloudbuild.testing.faults import Faults
from keras_remote_cloudbuild.testing.server import Server
from keras_remote_gcp.testing.running import Running
from keras_remote_gcp.testing.storage import StorageServer

_OVERRIDES = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"


class Images(Running):
  """Cloud Build and Artifact Registry.

  Args:
    storage: where builds read their archives and write their logs.
    project: the one that has a repository.
    on_built: told of every image that was pushed.

  Attributes:
    registry: its images and repositories.
    builds: those that were asked for.
    faults: what goes wrong with calls.
  """

  def __init__(
    self,
    storage: StorageServer,
    project: str = "emulated-project",
    region: str = "us-central1",
    repository: str = "keras-remote",
    on_built: Callable[[Built], None] = lambda built: None,
  ) -> None:
    place = f"projects/{project}/locations/{region}"
    self.faults = Faults()
    self.registry = ArtifactRegistry({f"{place}/repositories/{repository}"})
    self.builds = CloudBuild(
      World(storage=storage, push=self.registry.push, built=on_built)
    )
    self._server = Server(
      {
        artifact_registry.SERVICE: self.registry.methods(),
        cloud_build.SERVICE: self.builds.methods(),
      },
      self.faults,
    )

  @property
  def environ(self) -> dict[str, str]:
    """What makes clients come here."""
    url = f"http://127.0.0.1:{self._server.port}/"
    services = ("CLOUDBUILD", "ARTIFACTREGISTRY")
    return {f"{_OVERRIDES}{each}": url for each in services}

  @property
  def courses(self) -> list[Course]:
    """How the next builds go, in order."""
    return self.builds.courses

  @property
  def calls(self) -> list[str]:
    """The names of the methods that were called."""
    return self._server.calls

  def start(self) -> None:
    self._server.start()

  def stop(self) -> None:
    self._server.stop()
    self.builds.join()
