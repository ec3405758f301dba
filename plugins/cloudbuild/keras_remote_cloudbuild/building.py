"""Builds an image, on one of all the machines that need it."""

from __future__ import annotations

import platform
import time

from attrs import frozen

from keras_remote_cloudbuild import archive, build_request, following
from keras_remote_cloudbuild.build_request import Bucket, Wanted
from keras_remote_cloudbuild.builds import Builds
from keras_remote_cloudbuild.digest import Recipe
from keras_remote_cloudbuild.errors import ImageError
from keras_remote_cloudbuild.lease import Lease, Leases
from keras_remote_cloudbuild.registry import Registry
from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_core import users
from keras_remote_core.roles import Context

ARCHIVES = "images/contexts"


@frozen(kw_only=True)
class Building:
  """What it takes to build.

  Args:
    interval: seconds between two looks at a build, or at who builds.
  """

  settings: CloudBuildSettings
  context: Context
  registry: Registry
  builds: Builds
  interval: float

  def digest(self, recipe: Recipe) -> str:
    """The digest of an image that this or another machine builds now.

    Raises:
      BuildFailed: the build ended without it.
      ImageError: it cannot be built at all.
    """
    bucket = Bucket.of(self.context.store_url)
    self.registry.check()
    leases = self._leases()
    waits_for = ""
    while True:
      if lease := leases.acquire(recipe.tag):
        return self._under(lease, recipe, bucket)
      holder = leases.holder(recipe.tag)
      if holder != waits_for:
        self.context.report.note(f"{holder} builds the same image: waiting")
        waits_for = holder
      time.sleep(self.interval)
      if found := self.registry.find(recipe.kind, recipe.tag):
        return found

  def _under(self, lease: Lease, recipe: Recipe, bucket: Bucket) -> str:
    try:
      # Who had the lease before may just have finished.
      found = self.registry.find(recipe.kind, recipe.tag)
      return found or self._build(lease, recipe, bucket)
    finally:
      lease.give_back()

  def _build(self, lease: Lease, recipe: Recipe, bucket: Bucket) -> str:
    wanted = self._upload(recipe)
    project = self.registry.repository.project
    message = build_request.message(wanted, bucket, self.settings, project)
    build = self.builds.start(message, wanted.tag)
    try:
      following.follow(
        build,
        self.builds,
        lease.store,
        self.context.report,
        lease.renew,
        self.interval,
      )
    except KeyboardInterrupt:
      self.context.report.note(f"the build goes on: {build.log_url}")
      raise
    return self._pushed(recipe)

  def _upload(self, recipe: Recipe) -> Wanted:
    assert self.context.store is not None
    repository = self.registry.repository
    wanted = Wanted(
      reference=f"{repository.image(recipe.kind)}:{recipe.tag}",
      cache=repository.cache(recipe.kind, recipe.python),
      files=recipe.files,
      archive=f"{ARCHIVES}/{recipe.tag}.tar.gz",
    )
    self.context.store.write(wanted.archive, archive.pack(wanted.files))
    return wanted

  def _pushed(self, recipe: Recipe) -> str:
    found = self.registry.find(recipe.kind, recipe.tag)
    if found is None:
      raise ImageError(
        f"the build ended well, and {recipe.tag} is not in"
        f" {self.registry.repository.path}",
        remedy="try again; somebody may have removed the image",
      )
    return found

  def _leases(self) -> Leases:
    assert self.context.store is not None
    who = f"{users.name() or 'somebody'} on {platform.node()}"
    return Leases(store=self.context.store, who=who)
