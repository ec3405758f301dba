"""The ``gke`` backend: a Kubernetes Job per job."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, evolve

from keras_remote_core import mixins, stored, variables, wire
from keras_remote_core.errors import UsageError
from keras_remote_core.model import (
  JobHandle,
  JobStatus,
  LogLine,
  Place,
  Plan,
  Submission,
)
from keras_remote_core.roles import Context
from keras_remote_gke import (
  cluster,
  ending,
  job_logs,
  judging,
  manifest,
  names,
  preparing,
  submitting,
)
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.paths import Paths
from keras_remote_gke.seen import Seen
from keras_remote_gke.settings import GkeSettings
from keras_remote_gke.site import Site


class GkeBackend:
  """Jobs on Kubernetes; a cluster is connected to when it is first needed."""

  def __init__(self, settings: GkeSettings, context: Context) -> None:
    self.settings, self._context = settings, context
    self._sites: dict[Place, Site] = {}
    self._lock = threading.Lock()

  def prepare(self, plan: Plan) -> None:
    preparing.check(self.site(plan.place), plan, self.settings)

  def handle(self, submission: Submission) -> JobHandle:
    plan = submission.plan
    return mixins.handle(
      submission,
      native_id=names.object_name(plan.job_id),
      settings=asdict(plan.place),
    )

  def render(self, submission: Submission) -> Sequence[Mapping[str, Any]]:
    handle = self.handle(submission)
    return manifest.objects(submission, self.settings, handle)

  def submit(self, submission: Submission, handle: JobHandle) -> None:
    # Without what concerns this machine only.
    plain = evolve(handle, root=None)
    site = self.site(submission.plan.place)
    objects = manifest.created(submission, self.settings, plain)
    submitting.submit(site.api, site.paths, objects)

  def status(self, handle: JobHandle) -> JobStatus:
    try:
      site = self.site_of(handle)
      return self.judge(site, handle, site.look(handle.job_id))
    except ClusterError:
      # A cluster that is away or gone does not take a job's end with it.
      known = stored.status(self._store, handle)
      if known is None or not known.phase.terminal:
        raise
      return known

  def judge(self, site: Site, handle: JobHandle, seen: Seen) -> JobStatus:
    """Where a job stands, by what its cluster shows."""
    return judging.judge(site, handle, seen)

  def watch(self, handle: JobHandle) -> Iterator[JobStatus]:
    site, last = self.site_of(handle), None
    observer = site.observer(handle.job_id)
    with observer.watching():
      for seen in observer.seen():
        status = self.judge(site, handle, seen)
        if status != last:
          yield status
        if status.phase.terminal:
          return
        last = status

  def logs(
    self, handle: JobHandle, follow: bool = False, since: float | None = None
  ) -> Iterator[LogLine]:
    for line in self._lines(handle, follow):
      if since is None or line.time.timestamp() >= since:
        yield line

  def cancel(self, handle: JobHandle) -> None:
    ending.cancel(self.site_of(handle), handle.job_id)

  def delete(self, handle: JobHandle) -> None:
    ending.delete(self.site_of(handle), handle.job_id, handle.processes)

  def key(self, handle: JobHandle) -> bytes | None:
    site = self.site_of(handle)
    try:
      found = site.api.get(
        f"{site.paths.secrets}/{names.object_name(handle.job_id)}"
      )
    except ClusterError as error:
      if error.status not in (403, 404):
        raise
      return None
    return bytes.fromhex(
      base64.b64decode(found["data"][variables.KEY]).decode()
    )

  def list(self) -> Iterator[JobHandle]:
    selector = "=".join(names.MANAGED)
    found = [
      handle
      for job in self.objects(selector)
      if (handle := self._listed(job)) is not None
    ]
    yield from sorted(found, key=lambda each: each.created, reverse=True)

  def objects(self, selector: str) -> Iterator[Mapping[str, Any]]:
    """What jobs with these labels have become on the caller's own cluster."""
    return self.site().jobs(selector)

  @property
  def _store(self) -> Any:
    assert self._context.store is not None
    return self._context.store

  def _lines(self, handle: JobHandle, follow: bool) -> Iterator[LogLine]:
    try:
      site = self.site_of(handle)
      if follow:
        observer = site.observer(handle.job_id)
        return job_logs.follow(site.workers(handle), observer)
      seen = site.look(handle.job_id)
    except ClusterError:
      return stored.lines(self._store, handle)
    return job_logs.so_far(site.workers(handle), seen)

  def _listed(self, job: Mapping[str, Any]) -> JobHandle | None:
    """The handle a Job carries; None of one that no client here can read."""
    text = job["metadata"].get("annotations", {}).get(names.HANDLE, "")
    try:
      handle = wire.decode_handle(text.encode())
    except UsageError:
      return None
    # Where to look is this caller's own word.
    place = asdict(self._context.place)
    ours = handle.job_id == job["metadata"]["name"]
    return evolve(handle, settings=place) if ours else None

  def site_of(self, handle: JobHandle) -> Site:
    """The cluster that a job is on."""
    if not handle.settings:
      return self.site()
    told: dict[str, Any] = dict(handle.settings)
    return self.site(Place(**{key: told.get(key) for key in asdict(Place())}))

  def site(self, place: Place | None = None) -> Site:
    """The cluster of a place, by default the caller's own, connected once."""
    place = place or self._context.place
    with self._lock:
      if place not in self._sites:
        made = cluster.connect(place, self.settings, self._context)
        paths = Paths(place.namespace or "default")
        self._sites[place] = Site(
          made.api, paths, self._store, made.description
        )
      return self._sites[place]
