"""The image builder ``cloudbuild``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from keras_remote_cloudbuild import bases, naming, requirements, resolving
from keras_remote_cloudbuild.building import Building
from keras_remote_cloudbuild.builds import Builds
from keras_remote_cloudbuild.digest import Recipe
from keras_remote_cloudbuild.history import History
from keras_remote_cloudbuild.locks import Lock
from keras_remote_cloudbuild.naming import Repository
from keras_remote_cloudbuild.registry import Registry
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_cloudbuild.stored_locks import StoredLocks
from keras_remote_core import places
from keras_remote_core.builtin.packaging.root import find_root
from keras_remote_core.model import Image, ImageKey, ImageRequest
from keras_remote_core.roles import ArtifactStore, Context

if TYPE_CHECKING:
  from google.auth.credentials import Credentials

USES = "images/uses"


class CloudBuild:
  """Images found by what goes into them, and built where there is none."""

  poll_interval = 2.0

  def __init__(self, settings: CloudBuildSettings, context: Context) -> None:
    assert context.store is not None
    self._settings, self._context = settings, context
    self.store: ArtifactStore = context.store
    self._locks = StoredLocks(self.store, places.cache_dir() / "locks")

  def key(self, request: ImageRequest) -> ImageKey:
    """The tag by the lock as last seen here, or that of an unresolved image."""
    recipe = self.recipe(request)
    return ImageKey(
      reference=f"{self.repository.image(recipe.kind)}:{recipe.tag}",
      inputs=recipe.inputs,
      notes=_changes(recipe),
    )

  def recipe(self, request: ImageRequest) -> Recipe:
    """The recipe, with the lock as this machine last saw it, if it did."""
    recipe = self._unresolved(request)
    return evolve(recipe, lock=self._locks.remembered(recipe))

  def build(self, request: ImageRequest) -> Image:
    recipe = self._resolved(request)
    digest = self.registry.find(recipe.kind, recipe.tag)
    if digest is None:
      digest = self._built(recipe)
    _history().remember(recipe)
    self._mark_used(recipe)
    image = self.repository.image(recipe.kind)
    return Image(reference=f"{image}@{digest}", python=recipe.python)

  def find(self, request: ImageRequest) -> str | None:
    """The digest of an image that is there, or None."""
    recipe = self._unresolved(request)
    lock = self._locks.stored(recipe)
    if lock is None:
      return None
    return self.registry.find(recipe.kind, evolve(recipe, lock=lock).tag)

  def upgrade(self, request: ImageRequest) -> None:
    """Resolves anew, for everyone: newer versions where none are pinned."""
    recipe = self._unresolved(request)
    self._locks.replace(recipe, self._resolve(recipe))

  def account(self) -> str:
    """The email of the service account that builds."""
    return self._settings.service_account or self.builds.account()

  @functools.cached_property
  def repository(self) -> Repository:
    credentials = self._context.credentials
    project = credentials.project if credentials else None
    return naming.repository(self._settings, self._context.place, project)

  @functools.cached_property
  def registry(self) -> Registry:
    return Registry(self.repository, self._google)

  @functools.cached_property
  def builds(self) -> Builds:
    return Builds(self.repository, self._google)

  def _google(self) -> Credentials:
    from keras_remote_gcp.credentials import google_of

    return google_of(self._context.credentials)

  def _unresolved(self, request: ImageRequest) -> Recipe:
    asked = self._settings
    return Recipe(
      base=bases.base(request.python),
      kind=request.kind,
      python=request.python,
      platform=bases.PLATFORM,
      requirements=requirements.prepared(
        request.requirements, request.kind, asked.apt
      ),
      uv=bases.UV,
      apt=asked.apt,
      index=asked.index,
    )

  def _resolved(self, request: ImageRequest) -> Recipe:
    recipe = self._unresolved(request)
    return evolve(recipe, lock=self._locks.get(recipe, self._resolve))

  def _resolve(self, recipe: Recipe) -> Lock:
    lock = resolving.resolve(recipe, self._context.workdir)
    requirements.check_plugin(recipe.requirements, lock.versions, recipe.kind)
    self._context.report.note(
      f"resolved the requirements to {len(lock.packages)} packages"
    )
    return lock

  def _built(self, recipe: Recipe) -> str:
    for change in _changes(recipe):
      self._context.report.note(change)
    return Building(
      settings=self._settings,
      context=self._context,
      registry=self.registry,
      builds=self.builds,
      interval=self.poll_interval,
    ).digest(recipe)

  def _mark_used(self, recipe: Recipe) -> None:
    """So that pruning by age knows what is still in use."""
    key = use(recipe.kind, recipe.tag)
    if not self.store.touch(key):
      self.store.write(key, b"")


def use(kind: str, tag: str) -> str:
  """The key of the object whose age says when an image was last used."""
  return f"{USES}/{kind}/{tag}"


def _changes(recipe: Recipe) -> tuple[str, ...]:
  """What is new since the last image of this project."""
  return tuple(f"image: {each}" for each in _history().changes(recipe))


def _history() -> History:
  here = Path.cwd()
  project = find_root(here.resolve(), Path.home().resolve()) or here
  return History(folder=places.state_dir() / "images", project=project)
