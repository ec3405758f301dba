"""What cannot be had, said before anything is made; pure."""

from __future__ import annotations

from keras_remote_core import durations
from keras_remote_core.errors import UnsupportedByBackend, UsageError
from keras_remote_core.model import Accelerator, Resources
from keras_remote_core.providers import FitRequest
from keras_remote_gke import machines, quantities, syntax
from keras_remote_gke.settings import GkeSettings

_LONGEST_FLEX_START = 7 * 86400


def check(request: FitRequest) -> None:
  """Compares a request with what GKE has.

  Raises:
    UnsupportedByBackend: it takes another backend.
    UsageError: parts of it contradict each other, or no machine is so large.
  """
  resources, settings = request.resources, request.settings
  accelerator = resources.accelerator
  _check_hosts(accelerator)
  _check_capacity(resources, settings)
  _check_flex_start(accelerator, settings, request.core.timeout)
  _check_cpus(accelerator, settings)
  _check_machine(accelerator, settings)
  _check_namespace(request.core.namespace)


def _check_hosts(accelerator: Accelerator) -> None:
  found = machines.model(accelerator)
  if accelerator.hosts == 1 or found is None:
    return
  single = f"{accelerator.family}-{found.topology}"
  raise UnsupportedByBackend(
    f"the backend gke runs jobs on one machine, and {accelerator.name} is"
    f" {accelerator.hosts}",
    remedy='pip install "keras-remote[pathways]" and name no backend, or ask'
    f" for one machine: accelerator={single!r}",
  )


def _check_capacity(resources: Resources, settings: GkeSettings) -> None:
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
  """Refuses what the largest machine has not: all of it, or more."""
  types = machines.machine_types(accelerator)
  if not types:
    return
  cpus = max(each.cpus for each in types)
  memory = max(each.memory for each in types)
  for name, asked, most, unit in (
    ("cpu", settings.cpu, cpus, ""),
    ("memory", settings.memory, memory * 2**30, "Gi"),
  ):
    if asked and quantities.amount(asked) >= most:
      largest = f"{cpus}" if name == "cpu" else f"{memory}{unit}"
      raise UsageError(
        f"{name}={asked!r} fits on no machine with {accelerator.name}: the"
        f" largest, {types[-1].name}, has {largest} and keeps a part for"
        " itself",
        remedy=f"ask for less, or for a larger accelerator: keras-remote"
        f" accelerators {accelerator.family}",
      )


def _check_namespace(namespace: str) -> None:
  if not syntax.is_namespace(namespace):
    raise UsageError(
      f"{namespace!r} is no namespace: it takes at most 63 of a-z, 0-9 and -,"
      " with a letter or digit at both ends",
      remedy="set KERAS_REMOTE_GKE_NAMESPACE",
    )
