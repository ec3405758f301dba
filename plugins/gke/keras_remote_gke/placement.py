"""Which nodes a job may run on; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_core.model import Accelerator, Resources
from keras_remote_gke import machines, syntax
from keras_remote_gke.settings import GkeSettings

_GOOGLE = "cloud.google.com"
_SPOT = f"{_GOOGLE}/gke-spot"
_FLEX_START = f"{_GOOGLE}/gke-flex-start"
_COMPUTE_CLASS = f"{_GOOGLE}/compute-class"
_POOL = f"{_GOOGLE}/gke-nodepool"
_RESERVATION = f"{_GOOGLE}/reservation"

# Pools keep other pods away by a taint of the same key and value.
_TAINTS = (_SPOT, _FLEX_START, _COMPUTE_CLASS)


def of(resources: Resources, settings: GkeSettings) -> dict[str, Any]:
  """The selector and the tolerations, where there are any."""
  accelerator = resources.accelerator
  selector = {
    **machines.selector(accelerator),
    **dict(_capacity(resources, settings)),
  }
  tolerations = [*_of_machines(accelerator), *_of_selector(selector)]
  return {
    **({"nodeSelector": selector} if selector else {}),
    **({"tolerations": tolerations} if tolerations else {}),
  }


def _capacity(
  resources: Resources, settings: GkeSettings
) -> Iterator[tuple[str, str]]:
  """Labels of the capacity that was asked for."""
  if resources.spot:
    yield _SPOT, "true"
  if settings.flex_start:
    yield _FLEX_START, "true"
  if settings.compute_class:
    yield _COMPUTE_CLASS, settings.compute_class
  if settings.node_pool:
    yield _POOL, settings.node_pool
  if settings.reservation:
    yield from _reserved(settings.reservation)


def _reserved(reservation: str) -> Iterator[tuple[str, str]]:
  project, name = syntax.reservation_parts(reservation)
  yield f"{_RESERVATION}-name", name
  yield f"{_RESERVATION}-affinity", "specific"
  if project:
    yield f"{_RESERVATION}-project", project


def _of_machines(accelerator: Accelerator) -> Iterator[dict[str, str]]:
  if resource := machines.resource(accelerator):
    yield _toleration(resource[0], "present")
  found = machines.model(accelerator)
  if found and found.arm:
    yield _toleration("kubernetes.io/arch", "arm64")


def _of_selector(selector: Mapping[str, str]) -> Iterator[dict[str, str]]:
  for key in _TAINTS:
    if key in selector:
      yield _toleration(key, selector[key])


def _toleration(key: str, value: str) -> dict[str, str]:
  return {
    "key": key,
    "operator": "Equal",
    "value": value,
    "effect": "NoSchedule",
  }
