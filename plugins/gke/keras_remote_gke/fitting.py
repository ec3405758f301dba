"""Whether the backend takes a request, and how it lays the job out; pure."""

from __future__ import annotations

from keras_remote_core.providers import Fit, FitRequest, Shape
from keras_remote_gke import hosts, machines, rules


def fit(request: FitRequest) -> Fit:
  """Good for machines and groups of them, once it is known in which cloud.

  TPUs of several machines are left to a backend that drives them from one
  process, unless this one is named.
  """
  accelerator = request.resources.accelerator
  if not machines.available(accelerator):
    return Fit.NEVER
  configured = request.core.project or request.settings.kubeconfig
  several = accelerator.kind == "tpu" and accelerator.hosts > 1
  return Fit.GOOD if configured and not several else Fit.WHEN_NAMED


def shape(request: FitRequest) -> Shape:
  """A process per host, started once and as often again as the user allows.

  Raises:
    UsageError: what was asked for cannot be had together.
  """
  rules.check(request)
  processes = hosts.count(request.resources, request.settings)
  return Shape(
    processes=processes,
    attempts=1 + request.settings.retries,
    prelude=(hosts.PRELUDE,) if processes > 1 else (),
  )
