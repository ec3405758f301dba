"""Where Pulumi keeps in mind what it made: a bucket, or a folder here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from attrs import evolve, field, frozen

from keras_remote_core import opening, registry
from keras_remote_core.errors import StoreError
from keras_remote_core.model import Place
from keras_remote_core.roles import ArtifactStore, Context
from keras_remote_core.settings import CoreSettings
from keras_remote_gcp import gcs_client, gcs_failures
from keras_remote_gcp.credentials import GoogleCredentials
from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.settings import InfraSettings

if TYPE_CHECKING:
  from google.cloud.storage import Bucket

# Pulumi's layout, https://www.pulumi.com/docs/iac/concepts/state-and-backends/
_LOCKS = ".pulumi/locks/organization"


@frozen(kw_only=True)
class State:
  """A place for the stacks of a project.

  Args:
    url: ``gs://BUCKET`` or ``file:///FOLDER``.
  """

  url: str
  project: str
  region: str
  _context: Context = field(repr=False)

  def exists(self) -> bool:
    """Whether it is there; nothing is made.

    Raises:
      StoreError: the account may not look.
    """
    if self.folder is not None:
      return self.folder.is_dir()
    with self._said("look at"):
      return (
        gcs_client.client(self._context).lookup_bucket(self._bucket) is not None
      )

  def create(self) -> None:
    """Makes it where it is not there; a bucket keeps old versions."""
    if self.folder is not None:
      self.folder.mkdir(parents=True, exist_ok=True)
      return
    if not self.exists():
      with self._said("create"):
        self._create_bucket()

  def holders(self, project: str, stack: str) -> list[str]:
    """Who works on a stack at this time, as Pulumi noted them."""
    if not self.exists():
      return []
    return list(self._holders(f"{_LOCKS}/{project}/{stack}/"))

  @property
  def folder(self) -> Path | None:
    """The folder; None where it is a bucket."""
    found = urlsplit(self.url)
    return Path(url2pathname(found.path)) if found.scheme == "file" else None

  @property
  def _bucket(self) -> str:
    return urlsplit(self.url).netloc

  def _holders(self, prefix: str) -> Iterator[str]:
    store = self._store()
    for entry in store.list(prefix):
      try:
        told = json.loads(store.read(entry.key))
      except FileNotFoundError:
        continue
      yield (
        f"{told.get('username')}@{told.get('hostname')} since"
        f" {str(told.get('timestamp'))[:19]}"
      )

  def _store(self) -> ArtifactStore:
    scheme = urlsplit(self.url).scheme
    factory: Any = registry.installed().provider("store", scheme).load()
    made: ArtifactStore = factory(None, self._context)
    return made

  def _create_bucket(self) -> None:
    from google.api_core.exceptions import Conflict

    client = gcs_client.client(self._context)
    try:
      client.create_bucket(
        _configured(client.bucket(self._bucket)),
        project=self.project,
        location=self.region,
      )
    except Conflict as error:
      # Somebody was faster, or the name is not ours at all.
      if client.lookup_bucket(self._bucket) is None:
        raise InfraError(
          f"the bucket {self.url} is somebody else's",
          remedy="name another one: KERAS_REMOTE_INFRA_STATE=gs://NAME",
        ) from error

  def _said(self, what: str) -> Any:
    site = gcs_failures.Site.of(self._bucket, self._context)
    return gcs_failures.said(site, what)


def url(project: str, settings: InfraSettings) -> str:
  """Where the stacks of a project are."""
  name = f"{project}-keras-remote-state".replace(":", "-").replace(".", "-")
  return settings.state or f"gs://{name}"


def of(
  place: Place, settings: InfraSettings, credentials: GoogleCredentials | None
) -> State:
  """The state of a place's project."""
  assert place.project
  assert place.zone
  where = url(place.project, settings)
  core = CoreSettings(project=place.project, zone=place.zone)
  return State(
    url=where,
    project=place.project,
    region=place.zone.rpartition("-")[0],
    context=evolve(opening.context(where, core), credentials=credentials),
  )


def unreadable(error: StoreError) -> InfraError:
  """What it means for the stack that its state cannot be reached."""
  return InfraError(
    f"the state of the stack cannot be reached: {error.message}",
    remedy=error.remedy,
  )


def _configured(bucket: Bucket) -> Bucket:
  bucket.versioning_enabled = True
  bucket.iam_configuration.uniform_bucket_level_access_enabled = True
  bucket.iam_configuration.public_access_prevention = "enforced"
  return bucket
