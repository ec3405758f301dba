"""What is made inside the cluster, and what becomes of it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from keras_remote_gke import names
from keras_remote_pulumi_infra.inside.releases import Release
from keras_remote_pulumi_infra.inside.sources import Source

Body = Mapping[str, Any]

COMPONENT = "keras-remote/component"
"""The label that says what an object belongs to."""
VERSION = "keras-remote/version"
DIGEST = "keras-remote/manifest-sha256"
"""Annotations of a controller's namespace: what was installed."""
JOBS = "jobs"


@frozen(kw_only=True)
class Component:
  """Objects that come and go together: what jobs need, or a controller.

  Args:
    release: None where ``objects`` are all there is.
    source: where the manifest is; None for the release's own.
  """

  name: str
  release: Release | None = None
  source: Source | None = None
  objects: tuple[Body, ...] = ()


@frozen(kw_only=True)
class Change:
  """What becomes of an object, or of a controller as a whole.

  Args:
    operation: ``create``, ``update``, ``same`` or ``delete``.
    kind: in words, such as ``service account``.
    namespace: None where it is in none.
    component: the name of what it belongs to.
    detail: why, or what it is made of; for people.
  """

  operation: str
  kind: str
  name: str
  namespace: str | None
  component: str
  detail: str = ""


def labels(component: str) -> dict[str, str]:
  """What a component's objects are known by."""
  return {names.MANAGED[0]: names.MANAGED[1], COMPONENT: component}


def ours(found: Body) -> bool:
  """Whether an object of the cluster is of a component of ours."""
  told = found["metadata"].get("labels") or {}
  return told.get(names.MANAGED[0]) == names.MANAGED[1] and COMPONENT in told
