"""A plan's providers, loaded and made: one of each, sharing one context."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from keras_remote_core.model import Choice, Plan
from keras_remote_core.roles import (
  ArtifactStore,
  Authenticator,
  Backend,
  Context,
  ImageBuilder,
  Packager,
  Reporter,
)


@frozen(kw_only=True)
class Chosen:
  """Everything a submission calls."""

  store: ArtifactStore
  packager: Packager
  image_builder: ImageBuilder
  backend: Backend
  context: Context


def load(plan: Plan, workdir: Path, report: Reporter) -> Chosen:
  """Gets credentials, opens the store and makes the rest."""
  bare = Context(store_url=plan.store.url, workdir=workdir, report=report)
  authenticate: Authenticator = make(plan.authenticator, bare)
  return around(plan, evolve(bare, credentials=authenticate()))


def around(plan: Plan, context: Context) -> Chosen:
  """Makes a plan's providers; asks nothing of the world by itself."""
  store: ArtifactStore = make(plan.store, context)
  context = evolve(context, store=store)
  return Chosen(
    store=store,
    packager=make(plan.packager, context),
    image_builder=make(plan.image_builder, context),
    backend=make(plan.backend, context),
    context=context,
  )


def make(choice: Choice, context: Context) -> Any:
  """A provider's implementation, by ``factory(settings, context)``."""
  return choice.provider.load()(choice.settings, context)
