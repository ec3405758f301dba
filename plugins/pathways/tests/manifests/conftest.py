"""Submissions as the core makes them, from what is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

import keras_remote_gcp.plugin
import keras_remote_gke.plugin
import keras_remote_pathways.plugin
from keras_remote_core import mixins, planning, plugins, resolving
from keras_remote_core.builtin import plugin as builtin
from keras_remote_core.builtin.packaging.requirements import needed
from keras_remote_core.model import Plan
from keras_remote_core.options import Options
from keras_remote_core.registry import Registry
from keras_remote_core.resolving import Sources
from keras_remote_core.settings import CoreSettings
from keras_remote_core.testing.values import unstaged
from keras_remote_pathways import objects
from keras_remote_pathways.objects import Layout

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
    ("pathways", keras_remote_pathways.plugin),
  )
)


def plan_of(accelerator: str, **arguments: Any) -> Plan:
  asked = {"project": "mine", "accelerator": accelerator, **arguments}
  sources = Sources(arguments=asked)
  core = resolving.resolve(CoreSettings, sources)
  options = Options(core=core, sources=sources)
  return planning.plan(options, REGISTRY, IDENTITY)


@frozen
class Made:
  """What a plan becomes in a layout."""

  plan: Plan
  layout: Layout

  @property
  def shown(self) -> list[dict[str, Any]]:
    """What a plan prints."""
    settings, plan = self.plan.backend.settings, self.plan
    installed = needed((), plan.requirements, plan.backend_requirements)
    submission = unstaged(plan, requirements=installed)
    handle = mixins.handle(submission, native_id=self.plan.job_id)
    return objects.shown(self.layout, submission, settings, handle)

  @property
  def kinds(self) -> list[str]:
    return [each["kind"] for each in self.shown]

  @property
  def main(self) -> dict[str, Any]:
    """The LeaderWorkerSet or JobSet."""
    return self.shown[-1]

  @property
  def head(self) -> dict[str, Any]:
    return self._pods()[0]

  @property
  def workers(self) -> dict[str, Any]:
    return self._pods()[1]

  def _pods(self) -> list[dict[str, Any]]:
    spec = self.main["spec"]
    if "replicatedJobs" in spec:
      jobs = spec["replicatedJobs"]
      return [each["template"]["spec"]["template"] for each in jobs]
    both = spec["leaderWorkerTemplate"]
    return [both["leaderTemplate"], both["workerTemplate"]]


@pytest.fixture(scope="session")
def make() -> Callable[..., Made]:
  """Plans a call by ``@run``'s arguments."""

  def made(
    accelerator: str = "v6e-4x4", excluded: bool = True, **arguments: Any
  ) -> Made:
    layout = Layout(name=arguments.get("layout") or "lws", excluded=excluded)
    return Made(plan_of(accelerator, **arguments), layout)

  return made


@pytest.fixture(params=["lws", "jobset"])
def layout(request) -> str:
  """Each of the two in turn."""
  name: str = request.param
  return name
