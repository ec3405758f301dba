"""What cannot be had, said before anything is made; pure."""

from __future__ import annotations

from keras_remote_core import durations
from keras_remote_core.errors import UnsupportedByBackend, UsageError
from keras_remote_core.model import Accelerator, Resources
from keras_remote_core.providers import FitRequest
from keras_remote_gke import hosts, machines, quantities, syntax
from keras_remote_gke.hardware import Machine
from keras_remote_gke.settings import GkeSettings

_LONGEST_FLEX_START = 7 * 86400


def check(request: FitRequest) -> None:
  """Compares a request with what GKE has.

  Raises:
    UnsupportedByBackend: it takes another backend.
    UsageError: parts of it contradict each other, or no machine is so large.
  """
  accelerator = request.resources.accelerator
  machines.model(accelerator)
  check_capacity(request)
  _check_hosts(request.resources, request.settings)
  _check_cpus(accelerator, request.settings)
  _check_machine(accelerator, request.settings)


def check_capacity(request: FitRequest) -> None:
  """Compares how machines are to be had, and where, with what GKE has.

  Raises:
    UnsupportedByBackend, UsageError: as by ``check``.
  """
  resources, settings = request.resources, request.settings
  _check_asked_hosts(resources.accelerator, settings)
  _check_kinds(resources, settings)
  _check_flex_start(resources.accelerator, settings, request.core.timeout)
  _check_namespace(request.core.namespace)
  _check_store(request.core.store)


def _check_hosts(resources: Resources, settings: GkeSettings) -> None:
  count = hosts.count(resources, settings)
  if count > 1 and settings.retries:
    raise UsageError(
      f"{resources.accelerator.name} runs on {count} machines here, and"
      " retries= is for one: who starts again finds the others elsewhere",
      remedy="leave retries= out, write checkpoints, and call again",
    )


def _check_asked_hosts(accelerator: Accelerator, settings: GkeSettings) -> None:
  if settings.hosts > 1 and accelerator.kind != "gpu":
    raise UsageError(
      f"hosts={settings.hosts} is for machines with GPUs, and {accelerator.name}"
      " has none",
      remedy="leave hosts= out; of TPUs, the topology says how many machines"
      " there are",
    )


def _check_kinds(resources: Resources, settings: GkeSettings) -> None:
  """Capacity is spot, flex-start or reserved; a compute class tries several."""
  asked = {
    "spot": resources.spot,
    "flex_start": settings.flex_start,
    "reservation": settings.reservation,
  }
  named = [name for name, wanted in asked.items() if wanted]
  if len(named) > 1:
    raise UsageError(
      f"{' and '.join(named)} exclude each other: capacity is of one kind",
      remedy="keep one of them; compute_class= can name a class that tries one"
      " after the other",
    )


def _check_flex_start(
  accelerator: Accelerator, settings: GkeSettings, timeout: float | None
) -> None:
  if not settings.flex_start:
    return
  found = machines.model(accelerator)
  if found and not found.flex_start:
    raise UsageError(
      f"{accelerator.family} cannot be had by flex-start",
      remedy="leave flex_start out, or ask for :spot or a reservation",
    )
  if timeout and timeout > _LONGEST_FLEX_START:
    raise UsageError(
      f"flex-start gives machines for seven days, and timeout is"
      f" {durations.text(timeout)}",
      remedy="set timeout='7d' or less, or leave flex_start out",
    )


def _check_cpus(accelerator: Accelerator, settings: GkeSettings) -> None:
  named = accelerator.chips if accelerator.kind == "cpu" else 0
  if named and settings.cpu and quantities.amount(settings.cpu) != named:
    raise UsageError(
      f"{accelerator.name} and cpu={settings.cpu!r} name different numbers",
      remedy="leave one of them out",
    )


def _check_machine(accelerator: Accelerator, settings: GkeSettings) -> None:
  """Refuses what would wait for ever: more than the largest machine has.

  A pool that is named may have larger ones, whose GPUs several jobs share.
  """
  types = machines.machine_types(accelerator)
  if not types or (settings.node_pool and accelerator.kind == "gpu"):
    return
  largest = max(types, key=lambda each: (each.cpus, each.memory))
  memory = f"{largest.memory}Gi"
  _check_most(accelerator, largest, "cpu", settings.cpu, str(largest.cpus))
  _check_most(accelerator, largest, "memory", settings.memory, memory)


def _check_most(
  accelerator: Accelerator,
  largest: Machine,
  name: str,
  asked: str | None,
  most: str,
) -> None:
  # A node keeps a part for itself, so that nobody gets all of a machine.
  if asked is None or quantities.amount(asked) < quantities.amount(most):
    return
  raise UsageError(
    f"no machine with {accelerator.name} can give a job {name}={asked!r}:"
    f" the largest, {largest.name}, has {most} and needs some for itself",
    remedy="ask for less, or for a larger size; see: keras-remote accelerators"
    f" {accelerator.family}",
  )


def _check_store(url: str | None) -> None:
  if url and url.startswith("file:"):
    raise UnsupportedByBackend(
      f"{url} lies on this machine, where jobs on a cluster cannot read it",
      remedy="name a bucket, store='gs://…', or leave store= out",
    )


def _check_namespace(namespace: str) -> None:
  if not syntax.is_namespace(namespace):
    raise UsageError(
      f"{namespace!r} is no namespace: it takes at most 63 of a-z, 0-9 and -,"
      " with a letter or digit at both ends",
      remedy="set KERAS_REMOTE_GKE_NAMESPACE",
    )
