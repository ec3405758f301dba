"""Which backend takes a request, and why."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from keras_remote_core import resolving
from keras_remote_core.errors import (
  AmbiguousBackend,
  KerasRemoteError,
  NoBackend,
  PluginError,
)
from keras_remote_core.model import BackendChoice, Resources
from keras_remote_core.options import Options
from keras_remote_core.providers import (
  BackendProvider,
  Fit,
  FitRequest,
  Provider,
)
from keras_remote_core.registry import Registry

_logger = logging.getLogger("keras_remote")
_FALLBACK = "nothing better is configured"


def backend(
  options: Options, registry: Registry, resources: Resources
) -> BackendChoice:
  """The backend: named, else by the site's policy, else the best fit.

  Raises:
    UnknownProvider: no backend has the given name.
    NoBackend: none takes this accelerator.
    AmbiguousBackend: two fit equally well.
  """
  named = options.core.value.backend
  if named is not None:
    why = options.core.origins["backend"]
    return _choice(registry, named, options, why)
  fits = _fits(options, registry, resources)
  candidates = [name for name, fit in fits.items() if fit > Fit.NEVER]
  chosen = registry.select_backend(resources, candidates)
  if chosen is not None and chosen not in candidates:
    raise PluginError(
      f"a plugin's policy chose the backend {chosen!r} for"
      f" {resources.accelerator.name}; fitting are {', '.join(candidates)}",
      remedy="name a backend: backend=… or KERAS_REMOTE_BACKEND",
    )
  if chosen:
    return _choice(registry, chosen, options, "policy")
  name, fit = _best(fits, resources, options, registry)
  why = (
    _FALLBACK
    if fit is Fit.FALLBACK
    else f"best fit for {resources.accelerator.name}"
  )
  return _choice(registry, name, options, why)


def settings_of(provider: Provider[Any], options: Options) -> Any:
  """The provider's settings from the same sources as the core's."""
  if provider.settings is None:
    return None
  return resolving.resolve(
    provider.settings, options.sources, provider.name
  ).value


def is_fallback(choice: BackendChoice) -> bool:
  return choice.why == _FALLBACK


def _fits(
  options: Options, registry: Registry, resources: Resources
) -> dict[str, Fit]:
  return {
    provider.name: _fit(registry, provider.name, options, resources)
    for provider in registry.providers("backend")
  }


def _fit(
  registry: Registry, name: str, options: Options, resources: Resources
) -> Fit:
  """A backend's own judgement; one that fails takes nothing, and says so."""
  provider = _provider(registry, name)
  try:
    settings = settings_of(provider, options)
    request = FitRequest(
      resources=resources, settings=settings, core=options.core.value
    )
    return provider.fit(request)
  except KerasRemoteError:
    raise
  except Exception:
    plugin = registry.owner("backend", name).name
    _logger.warning(
      "plugin %s: backend %s is left out, its fit failed",
      plugin,
      name,
      exc_info=True,
    )
    return Fit.NEVER


def _best(
  fits: Mapping[str, Fit],
  resources: Resources,
  options: Options,
  registry: Registry,
) -> tuple[str, Fit]:
  best = max(fits.values(), default=Fit.NEVER)
  if best <= Fit.WHEN_NAMED:
    raise _nobody(resources, options, registry)
  winners = [name for name, fit in fits.items() if fit is best]
  if len(winners) > 1:
    raise AmbiguousBackend(
      f"{' and '.join(winners)} fit {resources.accelerator.name} equally well",
      remedy=f"name one: backend={winners[0]!r}, or KERAS_REMOTE_BACKEND",
    )
  return winners[0], best


def _nobody(
  resources: Resources, options: Options, registry: Registry
) -> NoBackend:
  accelerator = resources.accelerator
  multi_host = accelerator.kind == "tpu" and accelerator.hosts > 1
  wanted = "pathways" if multi_host else "gke"
  known = {provider.name for provider in registry.providers("backend")}
  if wanted not in known:
    fix = f'pip install "keras-remote[{wanted}]"'
  elif options.core.value.project is None:
    fix = "set KERAS_REMOTE_PROJECT to your Google Cloud project"
  else:
    fix = "name a backend: backend=… or KERAS_REMOTE_BACKEND"
  return NoBackend(
    f"no backend that is installed and configured takes {accelerator.name}",
    remedy=f"{fix}; or, to run it on this machine, KERAS_REMOTE_BACKEND=local",
  )


def _provider(registry: Registry, name: str) -> BackendProvider[Any]:
  provider = registry.provider("backend", name)
  assert isinstance(provider, BackendProvider)
  return provider


def _choice(
  registry: Registry, name: str, options: Options, why: str
) -> BackendChoice:
  provider = _provider(registry, name)
  owner = registry.owner("backend", name)
  return BackendChoice(
    provider=provider,
    settings=settings_of(provider, options),
    why=why,
    distribution=owner.distribution,
    version=owner.version,
  )
