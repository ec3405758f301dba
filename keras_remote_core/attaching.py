"""Finding a job again, from any machine."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import evolve

from keras_remote_core import (
  choosing,
  chosen,
  index,
  job_ids,
  options,
  reporting,
  wire,
)
from keras_remote_core.companions import Companions
from keras_remote_core.errors import StoreError, Tampered, UnknownJob
from keras_remote_core.job import Job
from keras_remote_core.model import Choice, JobHandle
from keras_remote_core.options import Options
from keras_remote_core.providers import BackendProvider, StoreProvider
from keras_remote_core.registry import Registry
from keras_remote_core.roles import ArtifactStore, Authenticator, Context
from keras_remote_runner import keys


def attach(
  name: str, registry: Registry, *, trust_store: bool = False
) -> Job[Any]:
  """The job of an id, or of ``<store URL>/jobs/<id>``.

  Raises:
    UnknownJob: it is in none of the places that the message names.
  """
  asked = options.gather({}, registry)
  return opened(_find(name, asked, registry), asked, registry, trust_store)


def opened(
  handle: JobHandle,
  asked: Options,
  registry: Registry,
  trust_store: bool = False,
) -> Job[Any]:
  """The job of a handle, with its backend and store."""
  backend = registry.provider("backend", handle.backend)
  assert isinstance(backend, BackendProvider)
  context = context_of(handle.store_url, backend, asked, registry)
  assert context.store is not None
  reader = registry.provider("result_reader", handle.result_reader)
  return Job(
    handle=handle,
    backend=chosen.make(_choice(backend, asked), context),
    store=context.store,
    reader=chosen.make(_choice(reader, asked), context),
    registry=registry,
    trust_store=trust_store,
  )


def _find(name: str, asked: Options, registry: Registry) -> JobHandle:
  url, _, job_id = name.rpartition("/jobs/")
  if not job_ids.valid(job_id):
    raise UnknownJob(
      f"{name!r} is neither a job id nor <store URL>/jobs/<id>",
      remedy="keras-remote jobs list",
    )
  if not url and (known := index.handle(job_id)):
    return known
  places = [url] if url else list(stores(asked, registry))
  for place in places:
    if found := stored(job_id, place, open_store(place, asked, registry)):
      return found
  searched = ", ".join([*(() if url else ("this machine's index",)), *places])
  raise UnknownJob(
    f"no job {job_id!r}; looked in {searched}",
    remedy="keras-remote jobs list, or give <store URL>/jobs/<id>",
  )


def stores(asked: Options, registry: Registry) -> Iterator[str]:
  """The configured store, or else every default one."""
  core = asked.core.value
  if core.store:
    yield core.store
    return
  for provider in registry.providers("store"):
    assert isinstance(provider, StoreProvider)
    if url := provider.default_url(core):
      yield url


def stored(job_id: str, url: str, store: ArtifactStore) -> JobHandle | None:
  """The handle that a job left in a store, or None.

  Raises:
    Tampered: the handle is another job's.
  """
  try:
    found = wire.decode_handle(store.read(keys.handle(job_id)))
  except (FileNotFoundError, StoreError):
    return None
  if found.job_id != job_id:
    raise Tampered(f"{keys.handle(job_id)} in {url} is of job {found.job_id}")
  # What the store says of itself must not lead elsewhere.
  return evolve(found, store_url=url.rstrip("/"), root=None)


def open_store(url: str, asked: Options, registry: Registry) -> ArtifactStore:
  """The store of a URL, with the credentials of a backend that prefers it."""
  backend = BackendProvider[Any](
    name="any", summary="", implementation="keras_remote_core:any"
  )
  for provider in registry.providers("backend"):
    assert isinstance(provider, BackendProvider)
    if provider.companions.get("store", "file") == url.partition("://")[0]:
      backend = provider
  context = context_of(url, backend, asked, registry)
  assert context.store is not None
  return context.store


def context_of(
  url: str, backend: BackendProvider[Any], asked: Options, registry: Registry
) -> Context:
  """What a backend works with: credentials, and the store of a URL."""
  companions = Companions(asked, registry, backend)
  bare = Context(store_url=url, workdir=_workdir(), report=reporting.Silent())
  authenticate: Authenticator = chosen.make(
    companions.choice("authenticator"), bare
  )
  context = evolve(bare, credentials=authenticate())
  store = chosen.make(companions.store(url, "handle"), context)
  return evolve(context, store=store)


def _workdir() -> Path:
  folder = tempfile.TemporaryDirectory(prefix="keras-remote-")
  atexit.register(folder.cleanup)
  return Path(folder.name)


def _choice(provider: Any, asked: Options) -> Choice:
  settings = choosing.settings_of(provider, asked)
  return Choice(provider=provider, settings=settings, why="handle")
