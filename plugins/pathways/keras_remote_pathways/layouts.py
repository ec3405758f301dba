"""Which layout a cluster has room for: what is installed there, and how new.

Asked of the API itself, for definitions may be read by administrators only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keras_remote_gke import preparing
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.site import Site
from keras_remote_pathways import job_set, leader_worker_set, permission
from keras_remote_pathways.objects import Layout
from keras_remote_pathways.settings import JOB_SET, LWS, PathwaysSettings

_GROUPS: Mapping[str, str] = {
  LWS: leader_worker_set.GROUP,
  JOB_SET: job_set.GROUP,
}
_RELEASES = "https://github.com/kubernetes-sigs"
INSTALL: Mapping[str, str] = {
  LWS: f"{_RELEASES}/lws/releases/download/v0.10.0/manifests.yaml",
  JOB_SET: f"{_RELEASES}/jobset/releases/download/v0.12.0/manifests.yaml",
}


class NoLayout(ClusterError):
  """The cluster lacks the kind of object that the job should become."""


def installed(site: Site) -> tuple[str, ...]:
  """The layouts whose kind of object the cluster knows."""
  return tuple(name for name, group in _GROUPS.items() if _served(site, group))


def choose(
  site: Site, known: Sequence[str], settings: PathwaysSettings
) -> Layout:
  """The layout that was asked for, else the first that is installed.

  Raises:
    NoLayout: the cluster has none of them.
  """
  wanted = settings.layout or next(iter(known), LWS)
  if wanted not in known:
    raise _absent(wanted, known)
  excluded = wanted != LWS or takes_excluded(site)
  return Layout(name=wanted, excluded=excluded)


def takes_excluded(site: Site) -> bool:
  """Whether LeaderWorkerSet is new enough to leave a head out of a slice."""
  body = leader_worker_set.rehearsal()
  path = Layout(name=LWS).paths(site.paths.namespace).jobs
  try:
    site.api.create(f"{path}?dryRun=All&fieldValidation=Strict", body)
  except ClusterError as error:
    if error.status not in (400, 422):
      raise
    return False
  return True


def check_permission(
  site: Site, layout: Layout, settings: PathwaysSettings
) -> None:
  """Whether the head may be given what it takes to end the job.

  Raises:
    ClusterError: this account may not create Roles.
  """
  if layout.ends_by_itself or settings.unattended:
    return
  missing = [
    kind
    for kind in ("roles", "rolebindings")
    if not preparing.may(site, "create", kind, permission.GROUP)
  ]
  if missing:
    raise ClusterError(
      f"this account may not create {' and '.join(missing)} in namespace"
      f" {site.paths.namespace}, without which nobody frees the machines of a"
      " LeaderWorkerSet when this client has gone away",
      status=403,
      reason="Forbidden",
      remedy="layout='jobset', which ends by itself; or unattended=True, if it"
      " may keep its machines until a client looks at it",
    )


def _served(site: Site, group: str) -> bool:
  try:
    site.api.get(f"/apis/{group}")
  except ClusterError as error:
    if error.status != 404:
      raise
    return False
  return True


def _absent(wanted: str, known: Sequence[str]) -> NoLayout:
  kind = {LWS: "LeaderWorkerSet", JOB_SET: "JobSet"}[wanted]
  other = f", or layout={known[0]!r}" if known else ""
  return NoLayout(
    f"the cluster has no {kind}, which a job on several machines becomes",
    status=404,
    reason="NotFound",
    remedy=f"kubectl apply --server-side -f {INSTALL[wanted]}, or keras-remote"
    f" up{other}",
  )
