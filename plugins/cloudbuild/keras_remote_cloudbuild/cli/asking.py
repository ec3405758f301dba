"""The image of a function that a command line names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from keras_remote_cloudbuild.builder import CloudBuild
from keras_remote_core import chosen, opening, reporting
from keras_remote_core.cli import targets
from keras_remote_core.errors import UsageError
from keras_remote_core.model import ImageRequest, Plan
from keras_remote_core.roles import Context


@frozen(kw_only=True)
class Asked:
  """What a job of the function would ask of the image builder."""

  plan: Plan
  request: ImageRequest

  def offline(self) -> CloudBuild:
    """The builder without credentials, for what needs no network."""
    context = Context(
      store_url=self.plan.store.url,
      workdir=opening.workdir(),
      report=reporting.Silent(),
      place=self.plan.place,
    )
    return _builder(chosen.around(self.plan, context))

  def online(self) -> CloudBuild:
    """The builder as a job has it."""
    workdir, report = opening.workdir(), reporting.reporter()
    return _builder(chosen.load(self.plan, workdir, report))


def asked(target: str, parameters: Mapping[str, Any]) -> Asked:
  """What a function asks for, with some parameters of ``@run`` changed.

  Raises:
    UsageError: its image is not built at all.
  """
  preview = targets.remote_function(target, parameters).preview({})
  plan = preview.plan
  if plan.image_builder.name != "cloudbuild":
    raise UsageError(
      f"the image of {plan.function} comes from {plan.image_builder.name}"
      f" ({plan.image_builder.why}) and is not built",
      remedy="name a backend whose images are: --backend gke",
    )
  request = ImageRequest(
    image=plan.image,
    requirements=preview.source.requirements,
    python=f"{sys.version_info.major}.{sys.version_info.minor}",
    kind=plan.resources.accelerator.kind,
  )
  return Asked(plan=plan, request=request)


def _builder(made: chosen.Chosen) -> CloudBuild:
  assert isinstance(made.image_builder, CloudBuild)
  return made.image_builder
