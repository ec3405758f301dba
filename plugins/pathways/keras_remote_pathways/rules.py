"""What cannot be had, said before anything is made; pure."""

from __future__ import annotations

from keras_remote_core.errors import UnsupportedByBackend, UsageError
from keras_remote_core.model import Accelerator
from keras_remote_core.providers import FitRequest
from keras_remote_gke import rules
from keras_remote_pathways import generations
from keras_remote_pathways.settings import PathwaysSettings


def check(request: FitRequest) -> None:
  """Compares a request with what Pathways on GKE can do.

  Raises:
    UnsupportedByBackend: it takes another backend.
    UsageError: parts of it contradict each other.
  """
  _check_accelerator(request.resources.accelerator)
  rules.check_capacity(request)
  _check_pools(request.settings)
  _check_store(request.core.store)


def _check_accelerator(accelerator: Accelerator) -> None:
  if generations.drives(accelerator):
    return
  raise UnsupportedByBackend(
    f"Pathways drives TPU slices of several machines, and {accelerator.name}"
    " is none that it knows",
    remedy="leave backend= out, or ask for a slice such as accelerator="
    "'v6e-4x4'; see: keras-remote accelerators",
  )


def _check_pools(settings: PathwaysSettings) -> None:
  if settings.slices > 1 and settings.node_pool:
    raise UsageError(
      f"slices={settings.slices} take as many node pools, and"
      f" node_pool={settings.node_pool!r} names one",
      remedy="leave node_pool= out: each slice is placed on a pool of its own",
    )


def _check_store(url: str | None) -> None:
  if url and not url.startswith("gs://"):
    raise UnsupportedByBackend(
      f"Pathways keeps what its processes share in a bucket, which {url} is not",
      remedy="name a bucket, store='gs://…', or leave store= out",
    )
