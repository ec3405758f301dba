"""The objects that a submission becomes on a cluster; pure."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from keras_remote_core.model import JobHandle, Submission
from keras_remote_gke import manifest
from keras_remote_gke.paths import Paths
from keras_remote_pathways import (
  job_set,
  leader_worker_set,
  parking,
  permission,
)
from keras_remote_pathways.settings import JOB_SET, PathwaysSettings

Object = dict[str, Any]


@frozen(kw_only=True)
class Layout:
  """What kind of object a job becomes on a cluster.

  Args:
    name: ``lws`` or ``jobset``.
    excluded: whether a LeaderWorkerSet can leave its head out of the slices.
  """

  name: str
  excluded: bool = True

  @property
  def ends_by_itself(self) -> bool:
    """Whether the cluster ends a job of it without help."""
    return self.name == JOB_SET

  def paths(self, namespace: str) -> Paths:
    """Where its objects are."""
    kind = job_set if self.ends_by_itself else leader_worker_set
    return Paths(namespace, kind.GROUP, kind.PLURAL)

  def main(
    self, submission: Submission, settings: PathwaysSettings, handle: JobHandle
  ) -> Object:
    """The object that owns all others of the job."""
    if self.ends_by_itself:
      return job_set.job_set(submission, settings, handle)
    return leader_worker_set.leader_worker_set(
      submission, settings, handle, excluded=self.excluded
    )

  def permissions(
    self, submission: Submission, settings: PathwaysSettings
  ) -> list[Object]:
    """What lets the head end the job, where nobody else would."""
    if self.ends_by_itself or settings.unattended:
      return []
    plan = submission.plan
    return [permission.role(plan), permission.binding(plan, settings)]

  def programs(
    self, submission: Submission, *, abridged: bool = False
  ) -> list[Object]:
    """The ConfigMaps of what runs in the head."""
    runner = manifest.config_map(submission, abridged=abridged)
    if self.ends_by_itself:
      return [runner]
    return [runner, parking.config_map(submission.plan, abridged=abridged)]


def created(
  layout: Layout,
  submission: Submission,
  settings: PathwaysSettings,
  handle: JobHandle,
) -> manifest.Objects:
  """What is created of a submission."""
  permissions = layout.permissions(submission, settings)
  return manifest.Objects(
    programs=layout.programs(submission),
    owned=[manifest.secret(submission), *permissions],
    main=layout.main(submission, settings, handle),
  )


def shown(
  layout: Layout,
  submission: Submission,
  settings: PathwaysSettings,
  handle: JobHandle,
) -> list[Object]:
  """What would be created, in this order, fit to be shown."""
  return [
    *layout.programs(submission, abridged=True),
    manifest.secret(submission, redacted=True),
    *layout.permissions(submission, settings),
    layout.main(submission, settings, handle),
  ]
