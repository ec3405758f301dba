"""Finding a job again, from any machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from keras_remote_core import index, job_ids, wire
from keras_remote_core.errors import (
  StoreError,
  Tampered,
  UnknownJob,
  UsageError,
)
from keras_remote_core.job import Job
from keras_remote_core.model import JobHandle
from keras_remote_core.opening import Opener
from keras_remote_core.providers import StoreProvider
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys


def attach(name: str, opener: Opener, *, trust_store: bool = False) -> Job[Any]:
  """The job of an id, or of ``<store URL>/jobs/<id>``.

  Raises:
    UnknownJob: it is in none of the places that the message names.
  """
  return opener.job(_find(name, opener, trust_store), trust_store)


def stores(opener: Opener) -> Iterator[str]:
  """The configured store, or else every default one."""
  core = opener.asked.core.value
  if core.store:
    yield core.store
    return
  for provider in opener.registry.providers("store"):
    assert isinstance(provider, StoreProvider)
    if url := provider.default_url(core):
      yield url


def stored(
  job_id: str, url: str, store: ArtifactStore, trust_store: bool = False
) -> JobHandle | None:
  """The handle that a job left in a store, or None.

  Whoever can write to the store could lead elsewhere with it, to a cluster
  of their own that vouches for what they want: unless the store is trusted,
  where to look is left to the caller's settings.

  Raises:
    Tampered: the handle is another job's.
    StoreError: the store cannot be read.
  """
  try:
    found = wire.decode_handle(store.read(keys.handle(job_id)))
  except FileNotFoundError:
    return None
  except UsageError as error:
    error.message = f"{keys.handle(job_id)} in {url}: {error.message}"
    raise
  if found.job_id != job_id:
    raise Tampered(f"{keys.handle(job_id)} in {url} is of job {found.job_id}")
  found = evolve(found, store_url=url.rstrip("/"))
  return found if trust_store else evolve(found, settings={}, native_id=job_id)


def _find(name: str, opener: Opener, trust_store: bool) -> JobHandle:
  url, _, job_id = name.rpartition("/jobs/")
  if not job_ids.valid(job_id):
    raise UnknownJob(
      f"{name!r} is neither a job id nor <store URL>/jobs/<id>",
      remedy="keras-remote jobs list",
    )
  if not url and (known := index.handle(job_id)):
    return known
  searched = [] if url else ["this machine's index"]
  for place in [url] if url else stores(opener):
    try:
      if found := stored(job_id, place, opener.store(place), trust_store):
        return found
      searched.append(place)
    except StoreError as error:
      searched.append(f"{place} (not readable: {error.message})")
  raise UnknownJob(
    f"no job {job_id!r}; looked in {', '.join(searched)}",
    remedy="keras-remote jobs list, or give <store URL>/jobs/<id>",
  )
