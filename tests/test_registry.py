"""Plugins come together, and the mistakes of one stay its own."""

from __future__ import annotations

import datetime
import types

import pytest
from attrs import frozen

from keras_remote_core import plugins
from keras_remote_core.builtin import plugin as builtin
from keras_remote_core.errors import UnknownProvider
from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.model import (
  Accelerator,
  JobEvent,
  JobHandle,
  Resources,
)
from keras_remote_core.providers import BackendProvider, Provider
from keras_remote_core.registry import Registry
from keras_remote_core.settings import CoreSettings, setting

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CPU = Accelerator(name="cpu", kind="cpu", family="cpu", chips=0)


def plugin(name, **hooks):
  """A plugin of a module with these hooks."""
  module = types.SimpleNamespace()
  for hook, function in hooks.items():
    function.__name__ = hook
    setattr(module, hook, hookimpl(function))
  return plugins.inspect(name, module, f"dist-{name}", "1.2")


def packager(name, **more):
  return Provider(
    name=name, summary="Packs.", implementation="mine:Packager", **more
  )


def registry(*found):
  return Registry([plugins.inspect("builtin", builtin), *found])


def event():
  handle = JobHandle(
    job_id="a-job",
    function="f",
    backend="local",
    distribution="",
    version="",
    native_id="1",
    store_url="file:///tmp",
    created=NOW,
    accelerator="cpu",
  )
  return JobEvent(name="submitted", handle=handle, time=NOW)


def test_the_builtin_plugin_provides_every_step():
  known = registry()
  for step in known.plugins[0].provides.keys() - {"check", "accelerator"}:
    assert known.providers(step) or step == "command"
  assert known.plugins[0].error is None


def test_providers_are_found_by_step_and_name_with_their_owner():
  mine = plugin(
    "mine", keras_remote_packagers=lambda: [packager("zip"), packager("tar")]
  )
  known = registry(mine)
  assert known.provider("packager", "tar").summary == "Packs."
  assert known.owner("packager", "tar").distribution == "dist-mine"
  assert [each.name for each in known.providers("packager")] == [
    "cloudpickle",
    "zip",
    "tar",
  ]


def test_a_generator_hook_that_raises_carries_its_plugins_name():
  def generate():
    yield packager("zip")
    raise RuntimeError("half way")

  broken = plugin("broken", keras_remote_packagers=generate)
  known = registry(
    broken, plugin("good", keras_remote_packagers=lambda: [packager("tar")])
  )
  assert broken.error == (
    "keras_remote_packagers raised RuntimeError: half way;"
    " upgrade or uninstall dist-broken"
  )
  assert known.provider("packager", "tar")
  with pytest.raises(UnknownProvider):
    known.provider("packager", "zip")


def test_a_misspelt_hook_is_named():
  broken = plugin("broken", keras_remote_packager=lambda: [packager("zip")])
  assert broken.error == (
    "there is no hook keras_remote_packager: write 'keras_remote_packagers';"
    " upgrade or uninstall dist-broken"
  )


def test_a_hook_of_a_later_version_may_be_optional():
  @hookimpl(optionalhook=True)
  def keras_remote_caches():
    return []

  module = types.SimpleNamespace(keras_remote_caches=keras_remote_caches)
  assert plugins.inspect("later", module).error is None


def test_a_hook_with_unknown_arguments_is_named():
  broken = plugin("broken", keras_remote_job_event=lambda evnt: None)
  assert "evnt" in str(broken.error)


@pytest.mark.parametrize(
  ("hook", "returned", "said"),
  [
    ("keras_remote_packagers", ["zip"], "returned a str, not a Provider"),
    ("keras_remote_packagers", 7, "not iterable"),
    (
      "keras_remote_backends",
      [packager("zip")],
      "returned a Provider, not a BackendProvider",
    ),
    (
      "keras_remote_packagers",
      [packager("zip", settings=int)],
      "attrs",
    ),
  ],
)
def test_what_a_hook_may_not_return_is_told(hook, returned, said):
  broken = plugin("broken", **{hook: lambda: returned})
  assert said in str(broken.error)


def test_a_plugin_may_not_shadow_a_name_and_loses_all_of_it():
  shadow = plugin(
    "shadow",
    keras_remote_packagers=lambda: [packager("cloudpickle"), packager("zip")],
  )
  known = registry(shadow)
  told = known.plugins[1].error
  assert told == (
    "the packager 'cloudpickle' is already provided by builtin, which keeps it;"
    " upgrade or uninstall dist-shadow"
  )
  assert known.provider("packager", "cloudpickle").load() is not None
  with pytest.raises(UnknownProvider):
    known.provider("packager", "zip")


def test_two_plugins_cannot_claim_one_parameter():
  @frozen(kw_only=True)
  class Mine:
    retries: int = setting(0, "how often", run=True)

  @frozen(kw_only=True)
  class Theirs:
    retries: int = setting(0, "how often", run=True)

  known = registry(
    plugin("a", keras_remote_packagers=lambda: [packager("x", settings=Mine)]),
    plugin(
      "b", keras_remote_packagers=lambda: [packager("y", settings=Theirs)]
    ),
  )
  assert known.parameters()["retries"] is Mine
  assert "parameter 'retries' of @run is already claimed" in str(
    known.plugins[2].error
  )


def test_settings_of_a_shared_base_are_one_parameter():
  @frozen(kw_only=True)
  class Shared:
    region: str = setting("eu", "the region", run=True)

  @frozen(kw_only=True)
  class Mine(Shared):
    pass

  known = registry(
    plugin(
      "a",
      keras_remote_packagers=lambda: [
        packager("x", settings=Mine),
        packager("y", settings=Shared),
      ],
    )
  )
  assert known.plugins[1].error is None
  assert known.parameters()["region"] is Shared
  assert known.parameters()["accelerator"] is CoreSettings


@pytest.mark.parametrize(
  ("step", "name", "remedy"),
  [
    ("backend", "gke", 'pip install "keras-remote[gke]"'),
    ("backend", "pathways", 'pip install "keras-remote[pathways]"'),
    ("store", "gs", 'pip install "keras-remote[gke]"'),
    ("image_builder", "cloudbuild", 'pip install "keras-remote[cloudbuild]"'),
    ("backend", "locl", "write 'local'"),
    ("packager", "xyz", "write one of cloudpickle"),
  ],
)
def test_a_missing_provider_names_its_extra_or_the_right_names(
  step, name, remedy
):
  with pytest.raises(UnknownProvider) as caught:
    registry().provider(step, name)
  assert repr(name) in caught.value.message
  assert caught.value.remedy == remedy


def test_a_sites_policy_is_asked_with_the_candidates():
  asked = []

  def choose(candidates):
    asked.append(list(candidates))
    return "b"

  known = registry(plugin("site", keras_remote_select_backend=choose))
  resources = Resources(accelerator=CPU)
  assert known.select_backend(resources, ["a", "b"]) == "b"
  assert asked == [["a", "b"]]
  assert registry().select_backend(resources, ["a"]) is None


def test_an_observer_that_fails_stops_neither_the_others_nor_the_job(caplog):
  seen = []

  def explode(event):
    raise RuntimeError("boom")

  known = registry(
    plugin("bad", keras_remote_job_event=explode),
    plugin("lazy", keras_remote_job_event=lambda: seen.append("lazy")),
    plugin(
      "good", keras_remote_job_event=lambda event: seen.append(event.name)
    ),
  )
  known.notify(event())
  assert sorted(seen) == ["lazy", "submitted"]
  assert "plugin bad failed" in caplog.text


def test_a_backend_fits_only_when_named_unless_it_says_more():
  provider: BackendProvider = BackendProvider(
    name="mine", summary="Mine.", implementation="mine:Backend"
  )
  known = registry(plugin("mine", keras_remote_backends=lambda: [provider]))
  assert known.provider("backend", "mine") is provider


@pytest.mark.parametrize("name", ["", "Upper", "with space", "9"])
def test_provider_names_are_checked(name):
  with pytest.raises(ValueError, match="name"):
    packager(name)
