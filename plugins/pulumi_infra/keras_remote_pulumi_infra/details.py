"""What a new thing is made of, in a few words; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_POOL = "gcp:container/nodePool:NodePool"
_CLUSTER = "gcp:container/cluster:Cluster"


def of(token: str, inputs: Mapping[str, Any]) -> str:
  """What of a resource's inputs people want to know before it is made.

  Args:
    token: the resource's type.
  """
  if token == _POOL:
    return ", ".join(_pool(inputs))
  if token == _CLUSTER:
    return str(inputs.get("location", ""))
  return ""


def _pool(inputs: Mapping[str, Any]) -> Iterator[str]:
  made = inputs.get("nodeConfig") or {}
  yield str(made.get("machineType", ""))
  scaling = inputs.get("autoscaling") or {}
  if scaling:
    least = scaling.get("totalMinNodeCount", scaling.get("minNodeCount", 0))
    most = scaling.get("totalMaxNodeCount", scaling.get("maxNodeCount", 0))
    yield f"{least:g}-{most:g} nodes"
  if made.get("spot"):
    yield "spot"
