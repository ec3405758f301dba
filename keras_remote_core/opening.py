"""Stores and backends as this caller reaches them, each opened once."""

from __future__ import annotations

import atexit
import functools
import tempfile
import threading
from pathlib import Path
from typing import Any

from attrs import evolve

from keras_remote_core import choosing, chosen, options, registry, reporting
from keras_remote_core.companions import Companions
from keras_remote_core.job import Job
from keras_remote_core.model import Choice, JobHandle, Place
from keras_remote_core.options import Options
from keras_remote_core.providers import (
  BackendProvider,
  Provider,
  StoreProvider,
)
from keras_remote_core.registry import Registry
from keras_remote_core.roles import (
  ArtifactStore,
  Authenticator,
  Backend,
  Context,
)
from keras_remote_core.settings import CoreSettings


class Opener:
  """Makes jobs, backends and stores from their names; safe among threads."""

  def __init__(self, asked: Options, known: Registry) -> None:
    self.asked, self.registry = asked, known
    self._contexts: dict[tuple[str, str], Context] = {}
    self._lock = threading.RLock()

  def job(self, handle: JobHandle, trust_store: bool = False) -> Job[Any]:
    """The job of a handle, with its backend and store."""
    context = self._context(handle.store_url, self._provider(handle.backend))
    assert context.store is not None
    reader = self.choice("result_reader", handle.result_reader)
    return Job(
      handle=handle,
      backend=self.backend(handle.backend, handle.store_url),
      store=context.store,
      reader=chosen.make(reader, context),
      registry=self.registry,
      trust_store=trust_store,
    )

  def backend(self, name: str, store_url: str) -> Backend:
    """A backend, with its own credentials and a store."""
    context = self._context(store_url, self._provider(name))
    made: Backend = chosen.make(self.choice("backend", name), context)
    return made

  def store(self, url: str) -> ArtifactStore:
    """A store, with the credentials that it asks for itself."""
    provider = self.registry.provider("store", url.partition("://")[0])
    assert isinstance(provider, StoreProvider)
    context = self._opened(
      url,
      self.choice("authenticator", provider.authenticator),
      self.choice("store", provider.name),
    )
    assert context.store is not None
    return context.store

  def choice(self, step: str, name: str) -> Choice:
    """A provider that is named, with its settings."""
    provider: Provider[Any] = self.registry.provider(step, name)
    settings = choosing.settings_of(provider, self.asked)
    return Choice(provider=provider, settings=settings, why="named")

  def default_store(self, provider: BackendProvider[Any]) -> str:
    """The URL that jobs of a backend use when nothing else is said."""
    companions = Companions(self.asked, self.registry, provider)
    return companions.store(self.asked.core.value.store, "").url

  def _context(self, url: str, backend: BackendProvider[Any]) -> Context:
    companions = Companions(self.asked, self.registry, backend)
    return self._opened(
      url, companions.choice("authenticator"), companions.store(url, "handle")
    )

  def _opened(self, url: str, authenticator: Choice, store: Choice) -> Context:
    with self._lock:
      if (authenticator.name, url) not in self._contexts:
        bare = context(url, self.asked.core.value)
        authenticate: Authenticator = chosen.make(authenticator, bare)
        made = evolve(bare, credentials=authenticate())
        made = evolve(made, store=chosen.make(store, made))
        self._contexts[authenticator.name, url] = made
      return self._contexts[authenticator.name, url]

  def _provider(self, name: str) -> BackendProvider[Any]:
    provider = self.registry.provider("backend", name)
    assert isinstance(provider, BackendProvider)
    return provider


def here() -> Opener:
  """An opener for what is installed and configured here."""
  known = registry.installed()
  return Opener(options.gather({}, known), known)


def context(store_url: str, core: CoreSettings) -> Context:
  """A context that nothing was opened in yet."""
  return Context(
    store_url=store_url,
    workdir=workdir(),
    report=reporting.Silent(),
    place=Place.of(core),
  )


@functools.cache
def workdir() -> Path:
  """This process's private folder."""
  folder = tempfile.TemporaryDirectory(prefix="keras-remote-")
  atexit.register(folder.cleanup)
  return Path(folder.name)
