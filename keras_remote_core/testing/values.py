"""Builders of real values: a plan, a context, a submission."""

from __future__ import annotations

import datetime
import secrets
from pathlib import Path
from typing import Any

from keras_remote_core import (
  chosen,
  job_ids,
  options,
  pipeline,
  planning,
  reporting,
)
from keras_remote_core.chosen import Chosen
from keras_remote_core.model import Call, Plan, Submission
from keras_remote_core.registry import Registry, installed
from keras_remote_core.roles import ArtifactStore, Context, Packager


def plan(registry: Registry | None = None, **parameters: Any) -> Plan:
  """A real plan, with a fresh job id, from parameters of ``@run``.

  Args:
    registry: the plugins to choose from; None: those installed here.
  """
  known = registry or installed()
  asked = options.gather(parameters, known)
  now = datetime.datetime.now(datetime.UTC)
  identity = planning.Identity(
    job_id=fresh_id(), function="function", created=now
  )
  return planning.plan(asked, known, identity)


def fresh_id() -> str:
  """A job id that no other job has."""
  now = datetime.datetime.now(datetime.UTC)
  return job_ids.mint("testing", now, secrets.token_hex(4))


def context(
  workdir: Path, store: ArtifactStore, store_url: str = "memory://store"
) -> Context:
  """What the steps of one submission share, around an opened store."""
  return Context(
    store_url=store_url,
    workdir=workdir,
    report=reporting.Silent(),
    store=store,
  )


def submission(call: Call, plan: Plan, context: Context) -> Submission:
  """A real submission: packed, staged into the context's store, not started."""
  assert context.store is not None
  made = Chosen(
    store=context.store,
    image_builder=chosen.make(plan.image_builder, context),
    backend=chosen.make(plan.backend, context),
    context=context,
  )
  packager: Packager = chosen.make(plan.packager, context)
  bundle = packager(call, plan)
  return pipeline.stage(plan, bundle, made, context.report)
