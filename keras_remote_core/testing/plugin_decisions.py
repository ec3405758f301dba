"""Backends that say purely what suits them, and who goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from keras_remote_core import hookspecs, planning
from keras_remote_core.errors import KerasRemoteError
from keras_remote_core.plugins import Plugin
from keras_remote_core.providers import (
  BackendProvider,
  Fit,
  FitRequest,
  Shape,
)
from keras_remote_core.registry import Registry
from keras_remote_core.settings import CoreSettings
from keras_remote_core.testing.plugin_part import Part, defaults

_ACCELERATORS = ("cpu", "l4", "a100x4", "v6e-8", "v5p-16")
_CAPABILITIES = frozenset({"images", "secrets"})
_STEPS = hookspecs.STEP_HOOKS.keys() - {"backend"}


class Decisions(Part):
  def test_a_backend_says_how_well_every_request_suits_it(
    self, plugin: Plugin, registry: Registry
  ) -> None:
    for backend, request in _requests(plugin, registry):
      fit = _decided(backend.fit, request)
      assert fit is None or isinstance(fit, Fit), backend.name
      assert fit == _decided(backend.fit, request), backend.name

  def test_a_backend_lays_out_every_job_that_suits_it(
    self, plugin: Plugin, registry: Registry
  ) -> None:
    for backend, request in _requests(plugin, registry):
      if _decided(backend.fit, request):
        shape = _decided(backend.shape, request)
        assert shape is None or isinstance(shape, Shape), backend.name
        assert shape == _decided(backend.shape, request), backend.name

  def test_a_backends_companions_are_installed(
    self, plugin: Plugin, registry: Registry
  ) -> None:
    for backend in plugin.contributions.get("backend", ()):
      assert set(backend.companions) <= _STEPS
      for step, wanted in backend.companions.items():
        names = (wanted,) if isinstance(wanted, str) else wanted
        known = {each.name for each in registry.providers(step)}
        assert known.intersection(names), f"{backend.name}: {step} {names}"

  def test_a_backend_claims_what_there_is_to_claim(
    self, plugin: Plugin
  ) -> None:
    for backend in plugin.contributions.get("backend", ()):
      assert backend.capabilities <= _CAPABILITIES, backend.name


def _requests(
  plugin: Plugin, registry: Registry
) -> Iterator[tuple[BackendProvider[Any], FitRequest]]:
  """Each backend with requests for all sorts of hardware."""
  for backend in plugin.contributions.get("backend", ()):
    settings = defaults(backend.settings) if backend.settings else None
    for name in _ACCELERATORS:
      request = FitRequest(
        resources=planning.parse_accelerator(name, registry),
        settings=settings,
        core=CoreSettings(accelerator=name),
      )
      yield backend, request
      configured = evolve(request.core, project="a-project")
      yield backend, evolve(request, core=configured)


def _decided(decide: Any, request: FitRequest) -> Any:
  """A decision; None where the request is refused with what helps."""
  try:
    return decide(request)
  except KerasRemoteError as error:
    assert error.remedy, error.message
    return None
