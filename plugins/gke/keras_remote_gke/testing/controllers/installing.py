"""What works on software that is installed into a cluster."""

from __future__ import annotations

from collections.abc import Iterator

from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.controllers.definitions import (
  DefinitionController,
)
from keras_remote_gke.testing.controllers.deployments import (
  DeploymentController,
)
from keras_remote_gke.testing.controllers.loop import Loop


def loops(registry: Registry, resources: list[Resource]) -> Iterator[Loop]:
  """The controllers of definitions and of deployments.

  Args:
    resources: all kinds there are, which those that are defined join.
  """
  definitions = DefinitionController(registry, resources)
  yield Loop(registry.state, definitions.watched, definitions.sync)
  deployments = DeploymentController(registry)
  yield Loop(registry.state, deployments.watched, deployments.sync)
