"""A plugin that misbehaves while a backend is chosen takes nothing down."""

from __future__ import annotations

import logging
import types
from typing import Any

import pytest

from keras_remote_core import choosing, chosen, plugins, resolving
from keras_remote_core.builtin import plugin as builtin
from keras_remote_core.errors import PluginError
from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.model import Accelerator, Choice, Resources
from keras_remote_core.options import Options
from keras_remote_core.providers import BackendProvider, Provider
from keras_remote_core.registry import Registry
from keras_remote_core.resolving import Sources
from keras_remote_core.settings import CoreSettings
from keras_remote_core.testing import MemoryStore, context

CPU = Resources(
  accelerator=Accelerator(name="cpu", kind="cpu", family="cpu", chips=0)
)


def chosen_backend(**hooks):
  module = types.SimpleNamespace()
  for name, hook in hooks.items():
    hook.__name__ = name
    setattr(module, name, hookimpl(hook))
  mine = plugins.inspect("mine", module)
  assert mine.error is None
  known = Registry([plugins.inspect("builtin", builtin), mine])
  sources = Sources()
  core = resolving.resolve(CoreSettings, sources)
  return choosing.backend(Options(core=core, sources=sources), known, CPU)


def test_a_fit_that_raises_leaves_its_backend_out_and_is_named(caplog):
  def fit(request):
    raise KeyError("oops")

  def backends():
    made: BackendProvider[Any] = BackendProvider(
      name="odd", summary="Odd.", implementation="odd:Odd", fit=fit
    )
    return [made]

  with caplog.at_level(logging.WARNING, "keras_remote"):
    assert chosen_backend(keras_remote_backends=backends).name == "local"
  assert "plugin mine: backend odd is left out" in caplog.text


def test_a_policy_that_chooses_what_does_not_fit_is_refused_by_name():
  def select(resources, candidates):
    return "nowhere"

  with pytest.raises(PluginError, match="'nowhere' for cpu; fitting are local"):
    chosen_backend(keras_remote_select_backend=select)


@pytest.mark.parametrize("place", ["absent_module:Odd", "json:Odd"])
def test_a_provider_that_does_not_load_is_named(place, tmp_path):
  provider: Provider[Any] = Provider(
    name="odd", summary="Odd.", implementation=place
  )
  choice = Choice(provider=provider, settings=None, why="test")
  with pytest.raises(PluginError, match=f"odd .{place}. does not load"):
    chosen.make(choice, context(tmp_path, MemoryStore()))
