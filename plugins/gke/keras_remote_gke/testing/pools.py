"""The nodes that GKE has for an accelerator; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keras_remote_core.model import Accelerator
from keras_remote_gke import machines
from keras_remote_gke.hardware import Machine
from keras_remote_gke.testing.nodes import Node

_MOST_HOSTS = 4


def usual(accelerators: Iterable[Accelerator]) -> list[Node]:
  """Nodes for whatever does not take more than a few machines at once."""
  return [
    node
    for each in accelerators
    if machines.available(each) and each.hosts <= _MOST_HOSTS
    for node in nodes(each)
  ]


def nodes(accelerator: Accelerator) -> Iterator[Node]:
  """As many nodes as it takes, and as many that are spot.

  Raises:
    UnsupportedByBackend: GKE has no such machines.
  """
  model = machines.model(accelerator)
  for spot in (False, True):
    if model is None:
      yield Node.cpu(spot=spot)
      continue
    machine = machines.machine_types(accelerator)[-1]
    node = _node(accelerator, model.label, machine, spot)
    yield from [node] * accelerator.hosts


def _node(
  accelerator: Accelerator, label: str, machine: Machine, spot: bool
) -> Node:
  if accelerator.topology is None:
    return Node.gpu(
      label,
      machine.chips,
      machine=machine.name,
      cpus=machine.cpus,
      memory=machine.memory,
      spot=spot,
    )
  return Node.tpu(
    label,
    accelerator.topology,
    machine.chips,
    machine=machine.name,
    cpus=machine.cpus,
    memory=machine.memory,
    hosts=accelerator.hosts,
    spot=spot,
  )
