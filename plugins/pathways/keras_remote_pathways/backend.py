"""The ``pathways`` backend: a head and the workers of TPU slices per job.

It is the gke backend with another kind of object, whose pods have parts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve

from keras_remote_core.builtin.packaging.requirements import needed
from keras_remote_core.errors import KerasRemoteError, NoBackend
from keras_remote_core.model import (
  JobHandle,
  JobStatus,
  LogLine,
  Plan,
  Submission,
)
from keras_remote_core.roles import Context
from keras_remote_gke import ending, names, preparing, submitting
from keras_remote_gke.backend import GkeBackend
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.seen import Seen
from keras_remote_gke.site import Site
from keras_remote_pathways import (
  judging,
  layouts,
  leader_worker_set,
  objects,
  pools,
  tails,
  versions,
)
from keras_remote_pathways.objects import Layout
from keras_remote_pathways.settings import LWS, PathwaysSettings
from keras_remote_pathways.sites import Sites

# What has ended need not be seen to stop.
_AT_ONCE = {
  "apiVersion": "v1",
  "kind": "DeleteOptions",
  "propagationPolicy": "Background",
}


class PathwaysBackend(GkeBackend):
  """Jobs that one process drives on several machines."""

  settings: PathwaysSettings

  def __init__(self, settings: PathwaysSettings, context: Context) -> None:
    super().__init__(settings, context)
    self._found = Sites()
    self._keys: dict[str, bytes] = {}
    self._freed: set[str] = set()

  def prepare(self, plan: Plan) -> None:
    self._check_jax(needed((), plan.requirements, plan.backend_requirements))
    site = self.site(plan.place)
    layout = self._found.layout(site, self.settings)
    layouts.check_permission(site, layout, self.settings)
    self._check_pools(site, plan, layout)
    preparing.check(self._found.of(site, layout.name), plan, self.settings)

  def handle(self, submission: Submission) -> JobHandle:
    # The last moment at which nothing of the job is anywhere but here.
    self._check_jax(submission.requirements)
    return super().handle(submission)

  def render(self, submission: Submission) -> Sequence[Mapping[str, Any]]:
    layout = Layout(name=self.settings.layout or LWS)
    handle = self.handle(submission)
    return objects.shown(layout, submission, self.settings, handle)

  def submit(self, submission: Submission, handle: JobHandle) -> None:
    # Without what concerns this machine only.
    plain = evolve(handle, root=None)
    base = self.site(submission.plan.place)
    layout = self._found.layout(base, self.settings)
    site = self._found.of(base, layout.name)
    made = objects.created(layout, submission, self.settings, plain)
    submitting.submit(site.api, site.paths, made)

  def judge(self, site: Site, handle: JobHandle, seen: Seen) -> JobStatus:
    status = judging.judge(site, handle, seen)
    if seen.parked and status.phase.terminal:
      self._free(site, handle)
    return status

  def release(self, handle: JobHandle) -> None:
    """Removes the set of a job whose outcome was seen, and not its end."""
    if handle.job_id in self._freed:
      return
    # What is known of a failure is kept first.
    self.status(handle)
    site = self.site_of(handle)
    kept = site.paths.plural == leader_worker_set.PLURAL
    if kept and handle.job_id not in self._freed:
      self._free(site, handle)

  def watch(self, handle: JobHandle) -> Iterator[JobStatus]:
    # Whoever waits wants it in the end, and others may remove the set before.
    with contextlib.suppress(ClusterError):
      self._remember_key(handle)
    yield from super().watch(handle)

  def logs(
    self, handle: JobHandle, follow: bool = False, since: float | None = None
  ) -> Iterator[LogLine]:
    yield from super().logs(handle, follow, since)
    if follow:
      # Who saw the last line frees the machines, as who sees the end does.
      with contextlib.suppress(KerasRemoteError):
        self.status(handle)
    if since is None:
      yield from tails.lines(self._store, handle.job_id)

  def delete(self, handle: JobHandle) -> None:
    super().delete(handle)
    site = self.site_of(handle)
    for paths in (site.paths.roles, site.paths.role_bindings):
      # What nobody here may touch, nobody here has made.
      with contextlib.suppress(ClusterError):
        ending.remove(site, f"{paths}/{names.object_name(handle.job_id)}")

  def key(self, handle: JobHandle) -> bytes | None:
    return self._keys.get(handle.job_id) or super().key(handle)

  def objects(self, selector: str) -> Iterator[Mapping[str, Any]]:
    for site in self._found.at(self.site()):
      yield from site.jobs(selector)

  def site_of(self, handle: JobHandle) -> Site:
    return self._found.having(super().site_of(handle), handle.job_id)

  def _free(self, site: Site, handle: JobHandle) -> None:
    """Removes what has ended and would keep its machines."""
    self._remember_key(handle)
    self._freed.add(handle.job_id)
    # Who may only look leaves that to others, in the end to the head itself.
    with contextlib.suppress(ClusterError):
      path = f"{site.paths.jobs}/{names.object_name(handle.job_id)}"
      site.api.delete(path, _AT_ONCE)

  def _remember_key(self, handle: JobHandle) -> None:
    """Keeps the key here, for it goes with the set."""
    if (key := self.key(handle)) is not None:
      self._keys[handle.job_id] = key

  def _check_pools(self, site: Site, plan: Plan, layout: Layout) -> None:
    cluster = pools.told(site.description)
    if cluster is None:
      return
    found = pools.shortage(cluster, plan.resources, self.settings, layout)
    if found is not None:
      raise NoBackend(found.message, remedy=found.remedy)

  def _check_jax(self, requirements: Sequence[str]) -> None:
    if self.settings.image_tag is None:
      versions.tag(requirements)
