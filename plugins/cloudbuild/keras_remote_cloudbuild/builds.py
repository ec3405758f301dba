"""Builds in Cloud Build: found, started, asked."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from keras_remote_cloudbuild import clients, failures
from keras_remote_cloudbuild.naming import Repository

if TYPE_CHECKING:
  from google.auth.credentials import Credentials
  from google.cloud.devtools.cloudbuild_v1 import Build, CloudBuildClient

_ATTEMPTS = 5
_UNDER_WAY = ("PENDING", "QUEUED", "WORKING")


class Builds:
  """The builds of one project in one region."""

  retry_interval = 1.0

  def __init__(
    self, repository: Repository, credentials: Callable[[], Credentials]
  ) -> None:
    self._repository = repository
    self._credentials = credentials

  def start(self, message: Mapping[str, Any], tag: str) -> Build:
    """Starts a build, or returns the one that already makes the same image.

    A request whose answer got lost may have started one, so that none is sent
    before the builds under way were looked at.
    """
    from google.api_core.exceptions import ServiceUnavailable

    with self._told("start a build"):
      for attempt in range(_ATTEMPTS):
        if found := self._under_way(tag):
          return found
        try:
          return self._create(message)
        except ServiceUnavailable:
          if attempt == _ATTEMPTS - 1:
            raise
          time.sleep(self.retry_interval)
    raise AssertionError("the last attempt returns or raises")

  def ask(self, build: Build) -> Build:
    """The build as it is now."""
    request = {
      "name": f"{self._repository.parent}/builds/{build.id}",
      "project_id": self._repository.project,
      "id": build.id,
    }
    with self._told("ask for a build"):
      return self._client.get_build(request=request, retry=clients.patient())

  def account(self) -> str:
    """The email of the service account that builds where none is named."""
    name = f"{self._repository.parent}/defaultServiceAccount"
    with self._told("ask for the service account of builds"):
      found = self._client.get_default_service_account(name=name)
    return str(found.service_account_email).rpartition("/")[2]

  def check(self) -> None:
    """Raises ImageError where builds cannot even be listed."""
    with self._told("list builds"):
      next(iter(self._list("keras-remote")), None)

  def _create(self, message: Mapping[str, Any]) -> Build:
    from google.cloud.devtools.cloudbuild_v1 import (
      Build,
      BuildOperationMetadata,
    )

    request = {
      "parent": self._repository.parent,
      "project_id": self._repository.project,
      "build": Build(message),
    }
    operation = self._client.create_build(request=request)
    told: BuildOperationMetadata = operation.metadata
    return told.build

  def _under_way(self, tag: str) -> Build | None:
    running = (
      each for each in self._list(tag) if each.status.name in _UNDER_WAY
    )
    return next(running, None)

  def _list(self, tag: str) -> Any:
    request = {
      "parent": self._repository.parent,
      "project_id": self._repository.project,
      "filter": f'tags="{tag}"',
    }
    return self._client.list_builds(request=request, retry=clients.patient())

  def _told(self, what: str) -> AbstractContextManager[None]:
    return failures.told(what, self._repository, failures.BUILD_ROLE)

  @functools.cached_property
  def _client(self) -> CloudBuildClient:
    return clients.cloud_build(self._credentials)
