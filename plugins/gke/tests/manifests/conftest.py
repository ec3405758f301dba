"""Submissions as the core makes them, from what is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

import keras_remote_gcp.plugin
import keras_remote_gke.plugin
from keras_remote_core import mixins, planning, plugins, resolving
from keras_remote_core.builtin import plugin as builtin
from keras_remote_core.model import Plan, Submission
from keras_remote_core.options import Options
from keras_remote_core.registry import Registry
from keras_remote_core.resolving import Sources
from keras_remote_core.settings import CoreSettings
from keras_remote_core.testing.values import unstaged
from keras_remote_gke import manifest

Objects = dict[str, dict[str, Any]]

IDENTITY = planning.Identity(
  job_id="train-0102-030405-abc123",
  function="train",
  created=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
  user="ada",
)
REGISTRY = Registry(
  plugins.inspect(name, module, f"keras-remote-{name}", "0.1.0")
  for name, module in (
    ("builtin", builtin),
    ("gcp", keras_remote_gcp.plugin),
    ("gke", keras_remote_gke.plugin),
  )
)


def plan_of(accelerator: str = "cpu", **arguments: Any) -> Plan:
  asked = {"project": "mine", "accelerator": accelerator, **arguments}
  sources = Sources(arguments=asked)
  core = resolving.resolve(CoreSettings, sources)
  options = Options(core=core, sources=sources)
  return planning.plan(options, REGISTRY, IDENTITY)


@frozen
class Made:
  """What a plan becomes."""

  plan: Plan

  @property
  def submission(self) -> Submission:
    return unstaged(self.plan)

  @property
  def job(self) -> dict[str, Any]:
    settings, submission = self.plan.backend.settings, self.submission
    handle = mixins.handle(submission, native_id=self.plan.job_id)
    return manifest.job(submission, settings, handle)

  @property
  def pod(self) -> dict[str, Any]:
    spec: dict[str, Any] = self.job["spec"]["template"]["spec"]
    return spec

  @property
  def container(self) -> dict[str, Any]:
    (only,) = self.pod["containers"]
    return dict(only)

  @property
  def created(self) -> list[dict[str, Any]]:
    """What a cluster gets."""
    settings, submission = self.plan.backend.settings, self.submission
    handle = mixins.handle(submission, native_id=self.plan.job_id)
    made = manifest.created(submission, settings, handle)
    return [dict(e) for e in (*made.programs, *made.owned, made.main)]

  @property
  def shown(self) -> list[dict[str, Any]]:
    """What a plan prints."""
    submission = self.submission
    handle = mixins.handle(submission, native_id=self.plan.job_id)
    return manifest.objects(submission, self.plan.backend.settings, handle)


@pytest.fixture(scope="session")
def make() -> Callable[..., Made]:
  """Plans a call by ``@run``'s arguments."""

  def made(accelerator: str = "cpu", **arguments: Any) -> Made:
    return Made(plan_of(accelerator, **arguments))

  return made


@pytest.fixture(scope="session")
def registry() -> Registry:
  return REGISTRY
