"""Stops and removes what a cluster holds of a job; nothing there is fine."""

from __future__ import annotations

from keras_remote_gke import names
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.site import Site

_PATIENCE = 45.0
"""Seconds that pods get to end: their grace, and what the cluster needs."""
# The Job goes last, so that it shows when nothing of it runs any more.
_OPTIONS = {
  "apiVersion": "v1",
  "kind": "DeleteOptions",
  "propagationPolicy": "Foreground",
}


def cancel(site: Site, job_id: str) -> None:
  """Stops the job and waits for its pods' end; one that ended stays."""
  if not site.look(job_id).ended:
    remove(site, f"{site.paths.jobs}/{names.object_name(job_id)}")
    site.observer(job_id).gone(_PATIENCE)


def delete(site: Site, job_id: str, processes: int = 1) -> None:
  """Removes the Job with all it owns."""
  name = names.object_name(job_id)
  remove(site, f"{site.paths.jobs}/{name}")
  # A submission that was interrupted leaves them without an owner.
  remove(site, f"{site.paths.secrets}/{name}")
  if processes > 1:
    remove(site, f"{site.paths.services}/{name}")
  site.observer(job_id).gone(_PATIENCE)


def remove(site: Site, path: str) -> None:
  """Removes one object; none there is fine."""
  try:
    site.api.delete(path, _OPTIONS)
  except ClusterError as error:
    if error.status != 404:
      raise
