"""The node pools of a cluster as records to print; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras_remote_pulumi_infra import pools
from keras_remote_pulumi_infra.config import InfraConfig, PoolConfig

COLUMNS = ("name", "accelerator", "machine", "nodes", "how", "status", "ours")


def rows(
  description: Mapping[str, Any], config: InfraConfig | None
) -> list[dict[str, Any]]:
  """A record for each pool.

  Args:
    description: the cluster's, by Google's Container API.
    config: what the stack was made of; None where there is none.
  """
  ours = pools.wanted(config) if config else ()
  known = {each.name: each for each in ours}
  return [
    _row(each, known.get(each["name"]))
    for each in description.get("nodePools", ())
  ]


def _row(pool: Mapping[str, Any], known: PoolConfig | None) -> dict[str, Any]:
  made = pool.get("config", {})
  return {
    "name": pool["name"],
    "accelerator": known.accelerator if known else _accelerator(made),
    "machine": made.get("machineType"),
    "nodes": _nodes(pool),
    "how": _how(made),
    "status": pool.get("status", "").lower(),
    "ours": known is not None,
  }


def _accelerator(made: Mapping[str, Any]) -> str | None:
  told = [
    f"{each.get('acceleratorType')} x {each.get('acceleratorCount')}"
    for each in made.get("accelerators", ())
  ]
  return ", ".join(told) or None


def _nodes(pool: Mapping[str, Any]) -> str:
  """How many machines there may be."""
  scaling = pool.get("autoscaling", {})
  if not scaling.get("enabled"):
    return str(pool.get("initialNodeCount", 0))
  least = scaling.get("totalMinNodeCount", scaling.get("minNodeCount", 0))
  most = scaling.get("totalMaxNodeCount", scaling.get("maxNodeCount", 0))
  return f"{least} to {most}"


def _how(made: Mapping[str, Any]) -> str:
  if made.get("spot"):
    return "spot"
  if made.get("flexStart"):
    return "flex-start"
  affinity = made.get("reservationAffinity", {})
  if affinity.get("consumeReservationType") == "SPECIFIC_RESERVATION":
    return "reserved"
  return "on demand"
