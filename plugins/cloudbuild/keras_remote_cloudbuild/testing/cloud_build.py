"""The emulated Cloud Build: takes builds as the real one does, and acts them."""

from __future__ import annotations

import hashlib
import itertools
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from keras_remote_cloudbuild.testing import acting
from keras_remote_cloudbuild.testing.courses import Built, Course
from keras_remote_cloudbuild.testing.faults import abort
from keras_remote_cloudbuild.testing.server import Method
from keras_remote_gcp.testing.storage import StorageServer

SERVICE = "google.devtools.cloudbuild.v1.CloudBuild"
_UNDER_WAY = ("QUEUED", "WORKING")


@frozen(kw_only=True)
class World:
  """What builds read from and push to."""

  storage: StorageServer
  push: Callable[[str, str], None]
  built: Callable[[Built], None]


class CloudBuild:
  """Builds by id.

  Attributes:
    courses: how the next builds go, in order; without one, well.
  """

  def __init__(self, world: World) -> None:
    self.courses: list[Course] = []
    self._world = world
    self._builds: dict[str, Any] = {}
    self._numbers = itertools.count(1)
    self._threads: list[threading.Thread] = []
    self._lock = threading.Lock()

  @property
  def builds(self) -> list[Any]:
    """All of them, oldest first."""
    return [*self._builds.values()]

  def cancel(self, build: Any) -> None:
    self._end(build, "CANCELLED")

  def join(self) -> None:
    """Waits for the builds under way."""
    for thread in self._threads:
      thread.join()

  def methods(self) -> Mapping[str, Method]:
    from google.cloud.devtools import cloudbuild_v1 as v1
    from google.longrunning.operations_pb2 import Operation

    return {
      "CreateBuild": Method(self._create, v1.CreateBuildRequest, Operation),
      "GetBuild": Method(self._get, v1.GetBuildRequest, v1.Build),
      "ListBuilds": Method(
        self._list, v1.ListBuildsRequest, v1.ListBuildsResponse
      ),
      "GetDefaultServiceAccount": Method(
        self._account,
        v1.GetDefaultServiceAccountRequest,
        v1.DefaultServiceAccount,
      ),
    }

  def _create(self, request: Any, context: Any) -> Any:
    build = request.build
    if wrong := acting.wrong(build):
      abort(context, "INVALID_ARGUMENT", wrong)
    with self._lock:
      build.id = f"build-{next(self._numbers)}"
      build.name = f"{request.parent}/builds/{build.id}"
      build.project_id = request.project_id
      build.log_url = f"https://console.example.com/builds/{build.id}"
      build.status = "QUEUED"
      self._builds[build.id] = build
      course = self.courses.pop(0) if self.courses else Course()
    thread = threading.Thread(target=self._act, args=(build, course))
    self._threads.append(thread)
    thread.start()
    return _operation(build)

  def _get(self, request: Any, context: Any) -> Any:
    if request.id not in self._builds:
      abort(context, "NOT_FOUND", "Requested entity was not found")
    return self._builds[request.id]

  def _list(self, request: Any, context: Any) -> Any:
    from google.cloud.devtools.cloudbuild_v1 import ListBuildsResponse

    del context
    tags = set(re.findall(r'tags="([^"]*)"', request.filter))
    found = [each for each in self.builds if tags <= set(each.tags)]
    return ListBuildsResponse(builds=found[::-1])

  def _account(self, request: Any, context: Any) -> Any:
    from google.cloud.devtools.cloudbuild_v1 import DefaultServiceAccount

    del context
    email = "1-compute@developer.gserviceaccount.com"
    resource = f"projects/1/serviceAccounts/{email}"
    return DefaultServiceAccount(
      name=request.name, service_account_email=resource
    )

  def _act(self, build: Any, course: Course) -> None:
    build.status = "WORKING"
    try:
      self._run(build, course)
    finally:
      self._end(build, "INTERNAL_ERROR")

  def _run(self, build: Any, course: Course) -> None:
    log = acting.Log(build, self._world.storage)
    files = acting.unpacked(build, self._world.storage)
    if not acting.verified(build, files):
      log.write(0, "sha256sum: WARNING: computed checksums did NOT match")
      self._fail(build, "FAILURE", 0)
      return
    for line in course.lines:
      log.write(len(build.steps) - 1, line)
    if course.until:
      course.until.wait()
    if course.status != "SUCCESS":
      self._fail(build, course.status, len(build.steps) - 1)
    elif build.status.name in _UNDER_WAY:
      self._push(build, files)
      self._end(build, "SUCCESS")

  def _push(self, build: Any, files: Mapping[str, bytes]) -> None:
    tag = acting.tag(build)
    contents = repr(sorted(files.items())).encode()
    digest = f"sha256:{hashlib.sha256(contents).hexdigest()}"
    self._world.push(tag, digest)
    reference = f"{tag.rpartition(':')[0]}@{digest}"
    self._world.built(Built(reference=reference, tag=tag, files=files))

  def _fail(self, build: Any, status: str, step: int) -> None:
    if status in ("FAILURE", "TIMEOUT"):
      build.steps[step].status = status
    self._end(build, status)

  def _end(self, build: Any, status: str) -> None:
    with self._lock:
      if build.status.name in _UNDER_WAY:
        build.status = status


def _operation(build: Any) -> Any:
  from google.cloud.devtools.cloudbuild_v1 import BuildOperationMetadata
  from google.longrunning.operations_pb2 import Operation

  made = Operation(name=f"operations/build/{build.project_id}/{build.id}")
  metadata = BuildOperationMetadata(build=build)
  made.metadata.Pack(BuildOperationMetadata.pb(metadata))
  return made
