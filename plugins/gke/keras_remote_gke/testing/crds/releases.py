"""The definitions as older releases have them."""

from __future__ import annotations

import copy
import functools
from typing import Any

from keras_remote_gke.testing import crds

_TEMPLATE = ("spec", "leaderWorkerTemplate")
_SINCE = {
  (*_TEMPLATE, "subGroupPolicy", "subGroupPolicyType"): (0, 6),
  ("spec", "rolloutStrategy", "rollingUpdateConfiguration", "partition"): (
    0,
    7,
  ),
  (*_TEMPLATE, "volumeClaimTemplates"): (0, 8),
  (*_TEMPLATE, "persistentVolumeClaimRetentionPolicy"): (0, 8),
}
"""Since which release of LeaderWorkerSet a field is there."""


@functools.cache
def schema(plural: str, release: str = "") -> Any:
  """A definition's OpenAPI schema as a release had it; not to be changed.

  Args:
    release: such as 0.5.1; empty: the one that is kept here.
  """
  made = copy.deepcopy(crds.schema(plural))
  if not release or plural != "leaderworkersets":
    return made
  for path, since in _SINCE.items():
    if version(release) < since:
      _remove(made, path)
  return made


def version(release: str) -> tuple[int, int]:
  major, minor = release.split(".")[:2]
  return int(major), int(minor)


def _remove(schema: Any, path: tuple[str, ...]) -> None:
  for each in path[:-1]:
    schema = schema["properties"][each]
  del schema["properties"][path[-1]]
