"""The images that are there: looked up by tag, listed, removed."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from attrs import frozen

from keras_remote_cloudbuild import clients, failures
from keras_remote_cloudbuild.naming import KINDS, Repository, digest

if TYPE_CHECKING:
  from google.auth.credentials import Credentials
  from google.cloud.artifactregistry_v1 import ArtifactRegistryClient


@frozen(kw_only=True)
class Stored:
  """One image that was built.

  Args:
    version: its full name in Artifact Registry.
    created: when it was pushed.
  """

  kind: str
  tag: str
  version: str
  created: datetime.datetime

  @property
  def digest(self) -> str:
    return digest(self.version)


class Registry:
  """One repository of images."""

  def __init__(
    self, repository: Repository, credentials: Callable[[], Credentials]
  ) -> None:
    self.repository = repository
    self._credentials = credentials

  def find(self, kind: str, tag: str) -> str | None:
    """The digest that a tag stands for, or None where there is no such tag.

    Raises:
      ImageError: it cannot be told, which does not mean that there is none.
    """
    from google.api_core.exceptions import NotFound

    name = self.repository.tag(kind, tag)
    with self._told("look for an image"):
      try:
        found = self._client.get_tag(name=name, retry=clients.patient())
      except NotFound:
        return None
    return digest(found.version)

  def check(self) -> None:
    """Raises ImageError where there is no such repository."""
    from google.api_core.exceptions import NotFound

    name = self.repository.resource
    with self._told("look for the repository"):
      try:
        self._client.get_repository(name=name, retry=clients.patient())
      except NotFound:
        raise failures.no_repository(self.repository) from None

  def images(self) -> Iterator[Stored]:
    """All images, by kind."""
    for kind in KINDS:
      tags = list(self._tags(kind))
      created = {each.name: each.create_time for each in self._versions(kind)}
      for tag in tags:
        if tag.version in created:  # it was not removed meanwhile
          yield Stored(
            kind=kind,
            tag=tag.name.rpartition("/")[2],
            version=tag.version,
            created=created[tag.version],
          )

  def remove(self, image: Stored) -> None:
    """Removes an image with its tags; one that is gone is fine."""
    from google.api_core.exceptions import NotFound

    with self._told("remove an image", failures.ADMIN_ROLE):
      try:
        request = {"name": image.version, "force": True}
        removal: Any = self._client.delete_version(request=request)
        removal.result()
      except NotFound:
        return

  def may(self, permission: str) -> bool:
    """Whether the caller has a permission on the repository."""
    request = {
      "resource": self.repository.resource,
      "permissions": [permission],
    }
    with self._told("ask for permissions"):
      answer = self._client.test_iam_permissions(request=request)
    return permission in answer.permissions

  def _versions(self, kind: str) -> Iterator[Any]:
    return self._pages(self._client.list_versions, kind)

  def _tags(self, kind: str) -> Iterator[Any]:
    return self._pages(self._client.list_tags, kind)

  def _pages(self, call: Callable[..., Any], kind: str) -> Iterator[Any]:
    from google.api_core.exceptions import NotFound

    with self._told("list images"):
      try:
        parent = self.repository.package(kind)
        yield from call(parent=parent, retry=clients.patient())
      except NotFound:  # nothing of this kind was ever built
        return

  def _told(
    self, what: str, role: str = failures.READ_ROLE
  ) -> AbstractContextManager[None]:
    return failures.told(what, self.repository, role)

  @functools.cached_property
  def _client(self) -> ArtifactRegistryClient:
    return clients.artifact_registry(self._credentials)
