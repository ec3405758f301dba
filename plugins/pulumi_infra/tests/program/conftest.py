"""Programs on Pulumi's mocks, and pods as the backends submit them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import frozen

from keras_remote_core import mixins, testing
from keras_remote_core.model import Plan
from keras_remote_core.testing.values import unstaged
from keras_remote_gke import manifest
from keras_remote_pathways import objects
from keras_remote_pathways.objects import Layout
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.program import program
from keras_remote_pulumi_infra.testing.mocked import Run, run

ANSWERS = {
  "getProject": {"number": "123456789"},
  "getCluster": {
    "nodeConfigs": [],
    "nodePools": [{"nodeConfigs": [{"serviceAccount": "default"}]}],
  },
}


def config(**changes: Any) -> InfraConfig:
  asked = {
    "project": "my-project",
    "location": "us-central1-a",
    "node_zone": "us-central1-a",
    "cluster": "keras-remote",
    **changes,
  }
  return InfraConfig(**asked)


@pytest.fixture(scope="session")
def configured() -> Callable[..., InfraConfig]:
  """A config, from what differs from the usual."""
  return config


@pytest.fixture(scope="session")
def made() -> Callable[..., Run]:
  """What a program makes of a config, given by what differs from the usual."""
  return lambda **changes: run(program(config(**changes)), ANSWERS)


@pytest.fixture(scope="session")
def usual(made) -> Run:
  """What a new user gets."""
  return made()


@frozen
class Pods:
  """The pods of a job: those on the machines asked for, and its head."""

  plan: Plan
  workers: dict[str, Any]
  head: dict[str, Any] | None = None


def _pods(accelerator: str, backend: str, **parameters: Any) -> Pods:
  plan = testing.plan(
    project="my-project",
    accelerator=accelerator,
    backend=backend,
    **parameters,
  )
  submission = unstaged(plan, requirements=("jax==0.8.0",))
  handle = mixins.handle(submission, native_id=plan.job_id)
  settings: Any = plan.backend.settings
  if backend == "gke":
    job = manifest.job(submission, settings, handle)
    return Pods(plan, job["spec"]["template"])
  shown = objects.shown(Layout(name="lws"), submission, settings, handle)
  both = shown[-1]["spec"]["leaderWorkerTemplate"]
  return Pods(plan, both["workerTemplate"], both["leaderTemplate"])


@pytest.fixture(scope="session")
def pods_of() -> Callable[..., Pods]:
  """The pods that a backend makes of ``@run``'s arguments."""
  return _pods
