"""One namespace of one cluster, and the store its jobs write to."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from keras_remote_core.model import JobHandle
from keras_remote_core.roles import ArtifactStore
from keras_remote_gke import looking
from keras_remote_gke.api import Api
from keras_remote_gke.following import Worker
from keras_remote_gke.observing import Observer
from keras_remote_gke.paths import Paths
from keras_remote_gke.seen import Seen

_PAGE = 500


@frozen(eq=False)
class Site:
  """What everything that is asked about a job needs; safe among threads.

  Args:
    description: the cluster's own, by Google's Container API; None where a
      kubeconfig names the cluster.
  """

  api: Api
  paths: Paths
  store: ArtifactStore
  description: Mapping[str, Any] | None = None
  _observers: weakref.WeakValueDictionary[str, Observer] = field(
    init=False, factory=weakref.WeakValueDictionary
  )
  _lock: threading.Lock = field(init=False, factory=threading.Lock)

  def observer(self, job_id: str) -> Observer:
    """The one watch of a job, for all who need it at this time."""
    with self._lock:
      found = self._observers.get(job_id)
      if found is None:
        found = Observer(self.api, self.paths, job_id)
        self._observers[job_id] = found
      return found

  def look(self, job_id: str) -> Seen:
    """How the job stands right now."""
    return looking.look(self.api, self.paths, job_id)

  def workers(self, handle: JobHandle) -> list[Worker]:
    """The job's hosts, as far as their lines go."""
    return [
      Worker(self.api, self.paths, self.store, handle, index)
      for index in range(handle.processes)
    ]

  def jobs(self, selector: str) -> Iterator[Mapping[str, Any]]:
    """Every Job with these labels, page by page."""
    query: dict[str, Any] = {"labelSelector": selector, "limit": _PAGE}
    while True:
      page = self.api.get(self.paths.jobs, **query)
      yield from page["items"]
      query["continue"] = page["metadata"].get("continue")
      if not query["continue"]:
        return
