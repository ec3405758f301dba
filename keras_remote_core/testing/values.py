"""Builders of real values: a plan, a context, a submission."""

from __future__ import annotations

import datetime
import secrets
import sys
from pathlib import Path
from typing import Any

from attrs import evolve

from keras_remote_core import (
  __version__,
  chosen,
  job_ids,
  options,
  pipeline,
  planning,
  plugins,
  reporting,
)
from keras_remote_core.chosen import Chosen
from keras_remote_core.model import (
  Call,
  Image,
  ImageRequest,
  Plan,
  Staged,
  Submission,
)
from keras_remote_core.opening import Opener
from keras_remote_core.registry import Registry, installed
from keras_remote_core.roles import ArtifactStore, Context, Packager

_DIGEST = "0123456789abcdef" * 4
_NAMED = ("authenticator", "image_builder", "packager", "result_reader")


def plan(registry: Registry | None = None, **parameters: Any) -> Plan:
  """A real plan, with a fresh job id, from parameters of ``@run``.

  Besides those, ``authenticator=``, ``packager=``, ``image_builder=`` and
  ``result_reader=`` name providers in place of the backend's companions.

  Args:
    registry: the plugins to choose from; None: those installed here, and the
      backend ``instant``.
  """
  known = registry or _known()
  named = {step: parameters.pop(step) for step in _NAMED if step in parameters}
  asked = options.gather(parameters, known)
  now = datetime.datetime.now(datetime.UTC)
  identity = planning.Identity(
    job_id=fresh_id(), function="function", created=now
  )
  opener = Opener(asked, known)
  changes: dict[str, Any] = {
    step: opener.choice(step, name) for step, name in named.items()
  }
  return evolve(planning.plan(asked, known, identity), **changes)


def _known() -> Registry:
  from keras_remote_core.testing import instant_plugin

  instant = plugins.inspect(
    "testing", instant_plugin, "keras-remote", __version__
  )
  return Registry([*installed().plugins, instant])


def image_request(**changes: Any) -> ImageRequest:
  """What an image of two small requirements is decided from."""
  asked = ImageRequest(
    image=None,
    requirements=("attrs==25.3.0", "rich==14.0.0"),
    python=f"{sys.version_info.major}.{sys.version_info.minor}",
    kind="cpu",
  )
  return evolve(asked, **changes)


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


def unstaged(plan: Plan, **changes: Any) -> Submission:
  """A submission that nothing lies in the store for: to be shown, not run."""
  made = Submission(
    plan=plan,
    image=Image(reference=f"python@sha256:{_DIGEST}"),
    staged=Staged(manifest_key="manifest.json", manifest_sha256=_DIGEST),
    arguments=("run", f"--store={plan.store.url}", f"--job={plan.job_id}"),
    runner=b"the program",
    runner_sha256=_DIGEST,
    key=bytes(range(32)),
    secrets=plan.environment.secrets,
  )
  return evolve(made, **changes)
