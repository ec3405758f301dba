"""What GKE makes of a node pool: its nodes, and how it describes the pool.

Labels, taints and what nodes keep for themselves: GKE's documentation on TPUs,
GPUs, Spot VMs, reservations and "Node sizes".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_gke import machines, syntax
from keras_remote_gke.hardware import Machine, Model
from keras_remote_gke.testing import nodes
from keras_remote_gke.testing.nodes import Node

_GKE = "cloud.google.com/gke"
_RESERVATION = "cloud.google.com/reservation"
_EFFECTS = {"NO_SCHEDULE": "NoSchedule"}
_TOPOLOGIES = {1: "1x1", 4: "2x2", 8: "2x4"}

Inputs = Mapping[str, Any]


def node(pool: Inputs, address: str = "10.0.0.1") -> dict[str, Any]:
  """A Node of a pool.

  Args:
    pool: the inputs of Pulumi's ``NodePool``.
  """
  config = pool["nodeConfig"]
  model, machine = _machine(pool)
  made = Node(
    pool=pool["name"],
    machine=config["machineType"],
    cpus=machine.cpus - 1,
    memory=_memory(machine.memory),
    disk=int(config["diskSizeGb"] * 0.8),
    devices=dict(_devices(config, machine)),
    labels=dict(_labels(pool, model, machine)),
    taints=tuple(_taints(config, model, machine)),
    zone=pool["nodeLocations"][0],
  )
  return nodes.made(made, f"gke-{pool['name']}-{address}", address)


def description(pool: Inputs) -> dict[str, Any]:
  """The pool, as the Container API tells of it."""
  config = pool["nodeConfig"]
  accelerators = [
    {"acceleratorType": each["type"], "acceleratorCount": str(each["count"])}
    for each in config.get("guestAccelerators", ())
  ]
  return {
    "name": pool["name"],
    "config": {
      "machineType": config["machineType"],
      "spot": config.get("spot", False),
      **({"accelerators": accelerators} if accelerators else {}),
    },
    "placementPolicy": pool.get("placementPolicy", {}),
  }


def _machine(pool: Inputs) -> tuple[Model | None, Machine]:
  """What the machine of a pool is, by its name."""
  config = pool["nodeConfig"]
  name = config["machineType"]
  gpus = config.get("guestAccelerators", ())
  for model in machines.MODELS.values():
    for each in model.machines:
      attached = gpus and model.label == gpus[0]["type"]
      if each.name == name and (model.topology or attached):
        return model, each
  cpus = int(name.rpartition("-")[2])
  return None, Machine(name=name, chips=0, cpus=cpus, memory=4 * cpus)


def _memory(gigabytes: int) -> int:
  """GiB that are left of a machine's memory."""
  steps = ((4, 0.25), (4, 0.2), (8, 0.1), (112, 0.06))
  kept, rest = 0.1, gigabytes
  for size, share in steps:
    kept += min(rest, size) * share
    rest = max(0, rest - size)
  return int(gigabytes - kept - 0.02 * rest)


def _devices(config: Inputs, machine: Machine) -> Iterator[tuple[str, int]]:
  for each in config.get("guestAccelerators", ()):
    yield "nvidia.com/gpu", int(each["count"])
  if machine.name in machines.TPU_TYPES:
    yield "google.com/tpu", machine.chips


def _labels(
  pool: Inputs, model: Model | None, machine: Machine
) -> Iterator[tuple[str, str]]:
  config = pool["nodeConfig"]
  yield from _capacity(config)
  yield from _reserved(config.get("reservationAffinity", {}))
  for each in config.get("guestAccelerators", ()):
    yield f"{_GKE}-accelerator", each["type"]
  if model and model.topology:
    asked = pool.get("placementPolicy", {}).get("tpuTopology")
    yield f"{_GKE}-tpu-accelerator", model.label
    yield f"{_GKE}-tpu-topology", asked or _alone(model, machine)
  if model and model.arm:
    yield "kubernetes.io/arch", "arm64"


def _alone(model: Model, machine: Machine) -> str:
  """The topology of one machine by itself."""
  flat = _TOPOLOGIES[machine.chips]
  assert model.topology
  return f"{flat}x1" if model.topology.count("x") == 2 else flat


def _capacity(config: Inputs) -> Iterator[tuple[str, str]]:
  if config.get("spot"):
    yield f"{_GKE}-spot", "true"
  if config.get("flexStart"):
    yield f"{_GKE}-flex-start", "true"


def _reserved(affinity: Inputs) -> Iterator[tuple[str, str]]:
  if affinity.get("consumeReservationType") != "SPECIFIC_RESERVATION":
    return
  project, name = syntax.reservation_parts(affinity["values"][0])
  yield f"{_RESERVATION}-name", name
  yield f"{_RESERVATION}-affinity", "specific"
  if project:
    yield f"{_RESERVATION}-project", project


def _taints(
  config: Inputs, model: Model | None, machine: Machine
) -> Iterator[str]:
  for name, _ in _devices(config, machine):
    yield f"{name}=present:NoSchedule"
  if model and model.arm:
    yield "kubernetes.io/arch=arm64:NoSchedule"
  for each in config.get("taints", ()):
    yield f"{each['key']}={each['value']}:{_EFFECTS[each['effect']]}"
