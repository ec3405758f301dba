"""The emulated Artifact Registry: repositories, versions and tags."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import quote

from attrs import evolve, field, frozen

from keras_remote_cloudbuild.testing.faults import abort
from keras_remote_cloudbuild.testing.server import Method

SERVICE = "google.devtools.artifactregistry.v1.ArtifactRegistry"


@frozen(kw_only=True)
class _Version:
  name: str
  created: datetime.datetime
  tags: frozenset[str] = field(default=frozenset())


class ArtifactRegistry:
  """Images by name.

  Attributes:
    repositories: full names of those that exist.
    permissions: those that whoever asks has.
  """

  def __init__(self, repositories: set[str]) -> None:
    self.repositories = repositories
    self.permissions = {"artifactregistry.repositories.uploadArtifacts"}
    self._versions: dict[str, _Version] = {}
    self._lock = threading.Lock()

  def push(self, reference: str, digest: str) -> None:
    """What docker does with ``HOST/PROJECT/REPOSITORY/IMAGE:TAG``."""
    image, _, tag = reference.rpartition(":")
    name = f"{_package(image)}/versions/{digest}"
    now = datetime.datetime.now(datetime.UTC)
    with self._lock:
      for each in self._versions.values():
        if tag in each.tags and each.name.startswith(_package(image)):
          self._versions[each.name] = evolve(each, tags=each.tags - {tag})
      known = self._versions.get(name, _Version(name=name, created=now))
      self._versions[name] = evolve(known, tags=known.tags | {tag})

  def backdate(self, days: float) -> None:
    """Makes every image older."""
    earlier = datetime.timedelta(days=days)
    with self._lock:
      self._versions = {
        name: evolve(each, created=each.created - earlier)
        for name, each in self._versions.items()
      }

  def remove_all(self) -> None:
    with self._lock:
      self._versions.clear()

  @property
  def tags(self) -> Mapping[str, str]:
    """The digest of each tag's full name."""
    with self._lock:
      return {
        f"{_parent(each.name)}/tags/{tag}": each.name.rpartition("/")[2]
        for each in self._versions.values()
        for tag in each.tags
      }

  def methods(self) -> Mapping[str, Method]:
    from google.cloud import artifactregistry_v1 as v1
    from google.iam.v1 import iam_policy_pb2 as iam
    from google.longrunning import operations_pb2 as operations

    return {
      "GetTag": Method(self._get_tag, v1.GetTagRequest, v1.Tag),
      "ListTags": Method(
        self._list_tags, v1.ListTagsRequest, v1.ListTagsResponse
      ),
      "ListVersions": Method(
        self._list_versions, v1.ListVersionsRequest, v1.ListVersionsResponse
      ),
      "DeleteVersion": Method(
        self._delete, v1.DeleteVersionRequest, operations.Operation
      ),
      "GetRepository": Method(
        self._repository, v1.GetRepositoryRequest, v1.Repository
      ),
      "TestIamPermissions": Method(
        self._permitted,
        iam.TestIamPermissionsRequest,
        iam.TestIamPermissionsResponse,
      ),
    }

  def _get_tag(self, request: Any, context: Any) -> Any:
    from google.cloud.artifactregistry_v1 import Tag

    if request.name not in self.tags:
      _not_found(context, f"tag {request.name} was not found")
    version = f"{_parent(request.name)}/versions/{self.tags[request.name]}"
    return Tag(name=request.name, version=version)

  def _list_tags(self, request: Any, context: Any) -> Any:
    from google.cloud.artifactregistry_v1 import ListTagsResponse, Tag

    self._check_package(request.parent, context)
    found = [
      Tag(name=name, version=f"{request.parent}/versions/{digest}")
      for name, digest in sorted(self.tags.items())
      if _parent(name) == request.parent
    ]
    return ListTagsResponse(tags=found)

  def _list_versions(self, request: Any, context: Any) -> Any:
    from google.cloud.artifactregistry_v1 import ListVersionsResponse, Version

    self._check_package(request.parent, context)
    found = [
      Version(name=each.name, create_time=each.created)
      for each in self._versions.values()
      if _parent(each.name) == request.parent
    ]
    return ListVersionsResponse(versions=found)

  def _delete(self, request: Any, context: Any) -> Any:
    from google.longrunning.operations_pb2 import Operation
    from google.protobuf.empty_pb2 import Empty

    with self._lock:
      version = self._versions.get(request.name)
      if version is None:
        _not_found(context, f"version {request.name} was not found")
      elif version.tags and not request.force:
        abort(context, "FAILED_PRECONDITION", "version is tagged")
      self._versions.pop(request.name, None)
    done = Operation(name="operations/deletion", done=True)
    done.response.Pack(Empty())
    return done

  def _repository(self, request: Any, context: Any) -> Any:
    from google.cloud.artifactregistry_v1 import Repository

    if request.name not in self.repositories:
      _not_found(context, f"repository {request.name} was not found")
    return Repository(name=request.name)

  def _permitted(self, request: Any, context: Any) -> Any:
    from google.iam.v1.iam_policy_pb2 import TestIamPermissionsResponse

    del context
    had = [each for each in request.permissions if each in self.permissions]
    return TestIamPermissionsResponse(permissions=had)

  def _check_package(self, name: str, context: Any) -> None:
    if not any(_parent(version) == name for version in self._versions):
      _not_found(context, f"package {name} was not found")


def _package(image: str) -> str:
  host, project, repository, *path = image.split("/")
  location = host.removesuffix("-docker.pkg.dev")
  parent = f"projects/{project}/locations/{location}"
  package = quote("/".join(path), safe="")
  return f"{parent}/repositories/{repository}/packages/{package}"


def _parent(name: str) -> str:
  return name.rsplit("/", 2)[0]


def _not_found(context: Any, message: str) -> NoReturn:
  abort(context, "NOT_FOUND", message)
