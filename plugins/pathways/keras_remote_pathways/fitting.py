"""Whether the backend takes a request, and how it lays the job out; pure."""

from __future__ import annotations

from keras_remote_core.providers import Fit, FitRequest, Shape
from keras_remote_pathways import generations, rules, versions

# Must be called before anything of JAX is used.
_PRELUDE = "pathwaysutils:initialize"


def fit(request: FitRequest) -> Fit:
  """Best for TPU slices of several machines, once the cloud is known."""
  if not generations.drives(request.resources.accelerator):
    return Fit.NEVER
  configured = request.core.project or request.settings.kubeconfig
  return Fit.BEST if configured else Fit.WHEN_NAMED


def shape(request: FitRequest) -> Shape:
  """One process on the head, whatever the number of machines.

  Raises:
    UsageError: what was asked for cannot be had together.
  """
  rules.check(request)
  return Shape(
    attempts=1 + request.settings.retries,
    prelude=(_PRELUDE,),
    requirements=versions.REQUIREMENTS,
  )
