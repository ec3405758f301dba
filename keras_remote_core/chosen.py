"""A plan's providers, loaded and made: one of each, sharing one context."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from keras_remote_core.errors import PluginError
from keras_remote_core.model import Choice, Plan
from keras_remote_core.roles import (
  ArtifactStore,
  Authenticator,
  Backend,
  Context,
  ImageBuilder,
  Reporter,
)


@frozen(kw_only=True)
class Chosen:
  """Everything a submission calls."""

  store: ArtifactStore
  image_builder: ImageBuilder
  backend: Backend
  context: Context


def load(plan: Plan, workdir: Path, report: Reporter) -> Chosen:
  """Gets credentials, opens the store and makes the rest."""
  bare = Context(
    store_url=plan.store.url, workdir=workdir, report=report, place=plan.place
  )
  authenticate: Authenticator = make(plan.authenticator, bare)
  return around(plan, evolve(bare, credentials=authenticate()))


def around(plan: Plan, context: Context) -> Chosen:
  """Makes a plan's providers; asks nothing of the world by itself."""
  store: ArtifactStore = make(plan.store, context)
  context = evolve(context, store=store)
  return Chosen(
    store=store,
    image_builder=make(plan.image_builder, context),
    backend=make(plan.backend, context),
    context=context,
  )


def make(choice: Choice, context: Context) -> Any:
  """A provider's implementation, by ``factory(settings, context)``.

  Raises:
    PluginError: it does not import.
  """
  provider = choice.provider
  try:
    factory = provider.load()
  except (ImportError, AttributeError) as error:
    raise PluginError(
      f"{provider.name} ({provider.implementation}) does not load: {error}",
      remedy="complete its installation, or name another",
    ) from error
  return factory(choice.settings, context)
