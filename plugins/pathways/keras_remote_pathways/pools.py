"""Whether a cluster has machines for a job's head and for each slice; pure.

Read from the description that Google's Container API gives of a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from keras_remote_core.model import Resources
from keras_remote_gke import node_pools
from keras_remote_pathways.objects import Layout
from keras_remote_pathways.settings import PathwaysSettings


@frozen(kw_only=True)
class Shortage:
  """What a job would wait for without end, and what helps."""

  message: str
  remedy: str


def told(cluster: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
  """A description that says which machines there can be, and no others."""
  if cluster is None or "nodePools" not in cluster:
    return None
  return None if node_pools.makes_its_own(cluster) else cluster


def shortage(
  cluster: Mapping[str, Any],
  resources: Resources,
  settings: PathwaysSettings,
  layout: Layout,
) -> Shortage | None:
  """What is missing, if anything."""
  name, wanted = resources.accelerator.name, settings.slices
  elsewhere = settings.compute_class or settings.queue or settings.node_pool
  slices = node_pools.fitting(cluster, resources)
  if len(slices) < wanted and not elsewhere:
    return Shortage(
      message=f"{len(slices)} node pools have {name}, and each of {wanted}"
      f" slices takes one; pools: {node_pools.describe(cluster)}",
      remedy=f"keras-remote pool add --accelerator {name}",
    )
  heads = node_pools.plain(cluster)
  if layout.excluded and settings.head_pool not in (None, *heads):
    return _headless(f"{settings.head_pool} is no pool without TPUs", cluster)
  if layout.excluded and not heads:
    return _headless("no node pool is without TPUs", cluster)
  return None


def _headless(why: str, cluster: Mapping[str, Any]) -> Shortage:
  return Shortage(
    message=f"the head of a job has no machine: {why}; pools:"
    f" {node_pools.describe(cluster)}",
    remedy="keras-remote pool add --accelerator cpu, or correct head_pool=",
  )
