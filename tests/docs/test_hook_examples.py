"""The example that each hook carries is a plugin, and works as one."""

from __future__ import annotations

import inspect
import re
import sys
import types

import pytest

from keras_remote_core import Provider, hookimpl, hookspecs, plugins
from keras_remote_core.builtin import plugin as builtin
from keras_remote_core.hookspecs import MERGED_HOOKS, STEP_HOOKS
from keras_remote_core.model import (
  Accelerator,
  ImageRequest,
  JobEvent,
  Resources,
)
from keras_remote_core.plugins import Plugin
from keras_remote_core.registry import Registry
from keras_remote_core.testing import MemoryStore, context, plan

HOOKS = [name for name in vars(hookspecs) if name.startswith("keras_remote_")]
CPU = Accelerator(name="cpu", kind="cpu", family="cpu", chips=0)


def example(hook: str) -> str:
  """The code that the docstring of a hook shows."""
  docstring = inspect.getdoc(getattr(hookspecs, hook)) or ""
  _, _, rest = docstring.partition("\nExample:\n")
  found = re.fullmatch(r"\s*```python\n(.*?)```\s*", rest, re.DOTALL)
  assert found, f"{hook} has no example"
  return inspect.cleandoc(found[1])


@pytest.fixture
def made(request, monkeypatch) -> Plugin:
  """The plugin that the example of a hook is."""
  module = types.ModuleType("my_plugin")
  module.__dict__.update(Provider=Provider, hookimpl=hookimpl)
  exec(compile(example(request.param), request.param, "exec"), vars(module))
  monkeypatch.setitem(sys.modules, "my_plugin", module)
  return plugins.inspect("mine", module)


def for_hook(name: str) -> pytest.MarkDecorator:
  return pytest.mark.parametrize("made", [name], indirect=True)


def registry(made: Plugin) -> Registry:
  return Registry([plugins.inspect("builtin", builtin), made])


def only(made: Plugin, step: str) -> Provider:
  provider: Provider
  (provider,) = made.contributions[step]
  assert provider in registry(made).providers(step)
  return provider


@pytest.fixture
def here(tmp_path):
  return context(tmp_path, MemoryStore())


def test_there_are_eleven_hooks_and_each_has_an_example():
  assert len(HOOKS) == 11
  assert all(map(example, HOOKS))


@pytest.mark.parametrize("made", HOOKS, indirect=True)
def test_every_example_is_a_plugin_that_fits_beside_the_built_in_one(
  made, request
):
  assert made.error is None
  assert registry(made).plugins[-1].error is None
  hook = request.node.callspec.params["made"]
  merged = {**STEP_HOOKS, **MERGED_HOOKS}
  assert list(made.provides) == [
    s for s, name in merged.items() if name == hook
  ]


@for_hook("keras_remote_authenticators")
def test_the_authenticator_has_the_token_of_the_environment(
  made, here, monkeypatch
):
  monkeypatch.setenv("ROBOT_TOKEN", "beep")
  credentials = only(made, "authenticator").load()(None, here)()
  assert (credentials.principal, credentials.token()) == ("robot", "beep")


@for_hook("keras_remote_packagers")
def test_the_packager_packs_without_requirements(made, here):
  from keras_remote_core.model import Call

  pack = only(made, "packager").load()(None, here)
  asked = plan(requirements=["numpy"])
  assert pack(Call(function=len, args=("abc",)), asked).requirements == ()


@for_hook("keras_remote_image_builders")
def test_the_image_builder_builds_what_its_key_says(made, here):
  builder = only(made, "image_builder").load()(None, here)
  request = ImageRequest(image=None, requirements=(), python="3.12", kind="cpu")
  assert builder.build(request).reference == builder.key(request).reference


@for_hook("keras_remote_artifact_stores")
def test_the_store_stores(made, here):
  store = only(made, "store").load()(None, here)
  store.write("a/key", b"data")
  assert store.read("a/key") == b"data"


@for_hook("keras_remote_backends")
def test_the_backend_takes_a_plan_that_names_it(made):
  assert only(made, "backend").load()
  chosen = plan(registry(made), backend="desk")
  assert (chosen.backend.name, chosen.image_builder.name) == ("desk", "local")


@for_hook("keras_remote_result_readers")
def test_the_reader_reads(made, here, tmp_path):
  (tmp_path / "result").write_text("42")
  read = only(made, "result_reader").load()(None, here)
  assert read(tmp_path / "result") == "42"


@for_hook("keras_remote_accelerators")
def test_the_accelerator_can_be_asked_for(made):
  chosen = plan(registry(made), accelerator="p40x2", backend="local")
  assert chosen.resources.accelerator.chips == 2


@for_hook("keras_remote_checks")
def test_the_check_finds_something(made):
  assert made.contributions["check"][0].load()().message.endswith("are free")


@for_hook("keras_remote_commands")
def test_the_command_greets(made):
  from click.testing import CliRunner

  command = made.contributions["command"][0].load()
  assert CliRunner().invoke(command).output == "hello\n"


@for_hook("keras_remote_select_backend")
def test_the_policy_keeps_small_jobs_here_and_has_no_opinion_otherwise(made):
  policy = registry(made).select_backend
  small = Resources(accelerator=CPU)
  assert policy(small, ["gke", "local"]) == "local"
  assert policy(small, ["gke"]) is None


@for_hook("keras_remote_job_event")
def test_the_observer_tells_of_a_failure(made, handle, capsys):
  event = JobEvent(
    name="failed", handle=handle, time=handle.created, detail="no luck"
  )
  registry(made).notify(event)
  assert capsys.readouterr().out == "train-1 failed: no luck\n"
