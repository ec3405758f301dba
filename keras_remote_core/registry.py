"""All usable plugins together: providers by step and name, policy, events."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from keras_remote_core import hookspecs, plugins, settings
from keras_remote_core.errors import UnknownProvider
from keras_remote_core.model import JobEvent, Resources
from keras_remote_core.plugins import Plugin
from keras_remote_core.providers import Provider
from keras_remote_core.suggestions import instead

DISABLED = "KERAS_REMOTE_DISABLED_PLUGINS"

_EXTRAS = {
  "gke": "gke",
  "google": "gke",
  "gs": "gke",
  "pathways": "pathways",
  "cloudbuild": "cloudbuild",
}
_logger = logging.getLogger("keras_remote")


class Registry:
  """What a set of plugins provides, merged; an ordinary value."""

  def __init__(self, found: Iterable[Plugin]) -> None:
    self._owners: dict[tuple[str, str], Plugin] = {}
    self._providers: dict[tuple[str, str], Provider[Any]] = {}
    self._parameters: dict[str, type[Any]] = dict.fromkeys(
      settings.run_fields(settings.CoreSettings), settings.CoreSettings
    )
    self._hooks = hookspecs.manager()
    self.plugins = tuple(self._admit(plugin) for plugin in found)

  def provider(self, step: str, name: str) -> Provider[Any]:
    """The provider of a step by name.

    Raises:
      UnknownProvider: none has this name; the remedy names the extra or the
        nearest right names.
    """
    if (step, name) in self._providers:
      return self._providers[step, name]
    known = [each.name for each in self.providers(step)]
    what = step.replace("_", " ")
    raise UnknownProvider(
      f"no installed plugin provides the {what} {name!r}",
      remedy=f'pip install "keras-remote[{_EXTRAS[name]}]"'
      if name in _EXTRAS
      else instead(name, known),
    )

  def providers(self, step: str) -> list[Provider[Any]]:
    """All providers of a step, the core's own first."""
    return [made for (of, _), made in self._providers.items() if of == step]

  def owner(self, step: str, name: str) -> Plugin:
    """The plugin a provider comes from."""
    return self._owners[step, name]

  def contributions(self, hook: str) -> Iterator[Any]:
    """What all plugins gave to a merged hook."""
    for plugin in self.plugins:
      yield from plugin.contributions.get(hook, ())

  def parameters(self) -> dict[str, type[Any]]:
    """Every parameter of ``@run`` and the settings class that declares it."""
    return dict(self._parameters)

  def select_backend(
    self, resources: Resources, candidates: Sequence[str]
  ) -> str | None:
    """The site's policy on the backend, if a plugin has one."""
    answer: str | None = self._hooks.hook.keras_remote_select_backend(
      resources=resources, candidates=candidates
    )
    return answer

  def notify(self, event: JobEvent) -> None:
    """Tells every plugin of a job's event; none can fail the job."""
    for (
      implementation
    ) in self._hooks.hook.keras_remote_job_event.get_hookimpls():
      try:
        implementation.function(*(event for _ in implementation.argnames))
      except Exception:
        name = implementation.plugin_name
        _logger.warning("plugin %s failed on a job event", name, exc_info=True)

  def _admit(self, plugin: Plugin) -> Plugin:
    """Takes a plugin in, unless it has a name that another one has already.

    Such a plugin is left out as a whole: half of it could do harm.
    """
    if plugin.error is not None:
      return plugin
    clashes = [
      *self._clashing_names(plugin),
      *self._clashing_parameters(plugin),
    ]
    if clashes:
      return plugins.broken(plugin, "; ".join(clashes))
    for step, provider in _steps(plugin):
      self._providers[step, provider.name] = provider
      self._owners[step, provider.name] = plugin
    self._parameters.update(_claims(plugin))
    self._hooks.register(plugin.module, name=plugin.name)
    return plugin

  def _clashing_names(self, plugin: Plugin) -> Iterator[str]:
    for step, provider in _steps(plugin):
      if (step, provider.name) in self._owners:
        theirs = self._owners[step, provider.name].name
        what = step.replace("_", " ")
        yield (
          f"the {what} {provider.name!r} is already provided by {theirs},"
          " which keeps it"
        )

  def _clashing_parameters(self, plugin: Plugin) -> Iterator[str]:
    claimed = dict(self._parameters)
    for name, cls in _claims(plugin):
      if claimed.setdefault(name, cls) is not cls:
        theirs = claimed[name].__module__
        yield f"the parameter {name!r} of @run is already claimed by {theirs}"


@functools.cache
def installed() -> Registry:
  """The registry of what is installed here: the one composition root."""
  disabled = os.environ.get(DISABLED, "").replace(",", " ").split()
  return Registry(plugins.discover(disabled))


def _steps(plugin: Plugin) -> Iterator[tuple[str, Provider[Any]]]:
  for step in hookspecs.STEP_HOOKS:
    for provider in plugin.contributions.get(step, ()):
      yield step, provider


def _claims(plugin: Plugin) -> Iterator[tuple[str, type[Any]]]:
  for _, provider in _steps(plugin):
    if provider.settings is not None:
      for name in settings.run_fields(provider.settings):
        yield name, settings.owner(provider.settings, name)
