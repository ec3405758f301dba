"""``keras-remote jobs prune``."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator

import click
from attrs import frozen

from keras_remote_core import attaching, opening, pruning
from keras_remote_core.cli import callbacks, failures
from keras_remote_core.cli.jobs import standing
from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.model import JobHandle, JobStatus
from keras_remote_core.opening import Opener
from keras_remote_core.roles import ArtifactStore, Entry
from keras_remote_runner import keys


@click.command()
@click.option(
  "--older-than",
  callback=callbacks.duration,
  metavar="DURATION",
  required=True,
  help="Such as 30d, counted from the submission.",
)
@click.option("--store", "url", help="One store, in place of the usual ones.")
@click.option("--dry-run", is_flag=True, help="Say what would go; keep it.")
def prune(older_than: float, url: str | None, dry_run: bool) -> None:
  """Remove jobs that ended long ago, and files that no job needs any more.

  What jobs wrote to keep (outputs) and jobs that cannot be asked stay. So do
  files younger than a day, which a submission may be about to use.
  """
  opener = opening.here()
  for place in [url] if url else list(attaching.stores(opener)):
    _Pruning(place, opener.store(place), opener, dry_run).run(older_than)


@frozen
class _Pruning:
  """One store being pruned."""

  url: str
  store: ArtifactStore
  opener: Opener
  dry_run: bool

  def run(self, older_than: float) -> None:
    now = datetime.datetime.now(datetime.UTC)
    jobs = _job_ids(self.store)
    gone = set(self._remove_jobs(jobs, now, older_than))
    blobs = self._unused(jobs - gone, now)
    for blob in blobs:
      self._remove_blob(blob, now)
    size = sum(blob.size for blob in blobs)
    verb = "would remove" if self.dry_run else "removed"
    click.echo(
      f"{self.url}: {verb} {len(gone)} jobs and {len(blobs)} files"
      f" ({size:,} bytes)"
    )

  def _remove_jobs(
    self, jobs: Iterable[str], now: datetime.datetime, older_than: float
  ) -> Iterator[str]:
    handles = [each for name in sorted(jobs) for each in self._handle(name)]
    for each in standing.of_all(handles, self.opener):
      if not isinstance(each.status, JobStatus):
        failures.tell(each.status)
      elif pruning.old(each.handle, each.status, now, older_than):
        self._remove_job(each.handle)
        yield each.handle.job_id

  def _handle(self, job_id: str) -> Iterator[JobHandle]:
    try:
      found = attaching.stored(job_id, self.url, self.store)
    except KerasRemoteError as error:
      failures.tell(error)
    else:
      yield from [found] if found else []

  def _remove_job(self, handle: JobHandle) -> None:
    click.echo(f"{handle.job_id} ({handle.function})")
    if not self.dry_run:
      self.opener.job(handle).delete()

  def _unused(self, jobs: Iterable[str], now: datetime.datetime) -> list[Entry]:
    # Listed before the manifests are read: what comes later is not at risk.
    blobs = list(self.store.list("blobs/"))
    return pruning.unused(blobs, self._manifests(jobs), now)

  def _manifests(self, jobs: Iterable[str]) -> Iterator[bytes]:
    for job_id in jobs:
      with contextlib.suppress(FileNotFoundError):
        yield self.store.read(keys.manifest(job_id))

  def _remove_blob(self, blob: Entry, now: datetime.datetime) -> None:
    # A submission may have taken it up since it was listed.
    if not self.dry_run and pruning.unused(self.store.list(blob.key), (), now):
      self.store.delete(blob.key)


def _job_ids(store: ArtifactStore) -> set[str]:
  return {entry.key.split("/")[1] for entry in store.list("jobs/")}
