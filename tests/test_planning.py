"""A plan is decided from what was asked and what is installed, and from nothing else."""

from __future__ import annotations

import datetime
import types

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from keras_remote_core import planning, plugins, resolving
from keras_remote_core.builtin import plugin as builtin
from keras_remote_core.errors import (
  AmbiguousBackend,
  InvalidSetting,
  NoBackend,
  StoreError,
  UnknownAccelerator,
  UnknownProvider,
  UnsupportedByBackend,
  UsageError,
)
from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.options import Options
from keras_remote_core.providers import (
  BackendProvider,
  Fit,
  Shape,
  StoreProvider,
)
from keras_remote_core.registry import Registry
from keras_remote_core.resolving import Sources
from keras_remote_core.settings import CoreSettings, setting

IDENTITY = planning.Identity(
  job_id="f-0101-000000-abc123",
  function="f",
  created=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
)


@frozen(kw_only=True)
class CloudSettings:
  retries: int = setting(0, "how often to try again", run=True)


def backend(name, fit, **more):
  return BackendProvider(
    name=name,
    summary="A backend.",
    implementation="mine:Backend",
    settings=CloudSettings,
    fit=lambda request: fit,
    **more,
  )


def registry(*backends, stores=(), choose=None):
  """The built-in plugin, and one with these providers."""
  module = types.SimpleNamespace()

  def keras_remote_backends():
    return list(backends)

  def keras_remote_artifact_stores():
    return list(stores)

  def keras_remote_select_backend(resources, candidates):
    return choose(resources, candidates) if choose else None

  for hook in (
    keras_remote_backends,
    keras_remote_artifact_stores,
    keras_remote_select_backend,
  ):
    setattr(module, hook.__name__, hookimpl(hook))
  mine = plugins.inspect("mine", module, "keras-remote-mine", "2.0")
  assert mine.error is None
  return Registry([plugins.inspect("builtin", builtin), mine])


def plan(known, environ=None, **arguments):
  sources = Sources(arguments=arguments, environ=environ or {})
  core = resolving.resolve(CoreSettings, sources)
  return planning.plan(Options(core=core, sources=sources), known, IDENTITY)


def test_with_nothing_configured_a_cpu_job_runs_here_and_says_so():
  made = plan(registry())
  assert (made.backend.name, made.store.name) == ("local", "file")
  assert made.notes == (
    "no cloud is configured: running on this machine (backend local)",
  )


def test_the_same_question_gets_the_same_plan():
  known = registry()
  assert plan(known, accelerator="cpu:4") == plan(known, accelerator="cpu:4")


@pytest.mark.parametrize(
  ("accelerator", "extra"),
  [("v6e-8", "gke"), ("l4", "gke"), ("v6e-16", "pathways")],
)
def test_an_accelerator_without_a_backend_names_the_missing_plugin(
  accelerator, extra
):
  with pytest.raises(NoBackend) as caught:
    plan(registry(), accelerator=accelerator)
  assert f'"keras-remote[{extra}]"' in str(caught.value.remedy)
  assert "KERAS_REMOTE_BACKEND=local" in str(caught.value.remedy)


def test_an_installed_backend_that_is_not_configured_names_the_setting():
  known = registry(backend("gke", Fit.NEVER))
  with pytest.raises(NoBackend, match="set KERAS_REMOTE_PROJECT"):
    plan(known, accelerator="l4")
  with pytest.raises(NoBackend, match="name a backend"):
    plan(known, accelerator="l4", project="mine")


def test_the_best_fit_wins_and_the_plan_says_why():
  known = registry(backend("fair", Fit.GOOD), backend("best", Fit.BEST))
  made = plan(known, accelerator="l4")
  assert (made.backend.name, made.backend.why) == ("best", "best fit for l4")
  assert (made.backend.distribution, made.backend.version) == (
    "keras-remote-mine",
    "2.0",
  )


def test_a_tie_is_not_guessed():
  known = registry(backend("one", Fit.GOOD), backend("two", Fit.GOOD))
  with pytest.raises(AmbiguousBackend, match="one and two fit cpu") as caught:
    plan(known)
  assert "backend='one'" in str(caught.value.remedy)


def test_a_backend_that_fits_only_when_named_changes_no_script():
  known = registry(backend("shy", Fit.WHEN_NAMED))
  assert plan(known).backend.name == "local"
  assert plan(known, backend="shy").backend.name == "shy"


@pytest.mark.parametrize(
  ("environ", "arguments", "why"),
  [
    ({}, {"backend": "local"}, "argument"),
    ({"KERAS_REMOTE_BACKEND": "local"}, {}, "KERAS_REMOTE_BACKEND"),
  ],
)
def test_a_named_backend_is_taken_and_said_to_lack_the_hardware(
  environ, arguments, why
):
  made = plan(registry(), environ, accelerator="v6e-8", **arguments)
  assert (made.backend.name, made.backend.why) == ("local", why)
  (note,) = made.notes
  assert "not v6e-2x4" in note


def test_a_sites_policy_comes_before_the_fits():
  known = registry(
    backend("one", Fit.BEST),
    backend("two", Fit.GOOD),
    backend("never", Fit.NEVER),
    choose=lambda resources, candidates: (
      "two" if candidates == ["local", "one", "two"] else None
    ),
  )
  made = plan(known)
  assert (made.backend.name, made.backend.why) == ("two", "policy")


@pytest.mark.parametrize(
  ("arguments", "error", "said"),
  [
    ({"backend": "locl"}, UnknownProvider, "write 'local'"),
    ({"backend": "gke"}, UnknownProvider, "keras-remote[gke]"),
    ({"accelerator": "v6e-9"}, UnknownAccelerator, "v6e"),
    ({"store": "s3://bucket"}, UnknownProvider, "store 's3'"),
    ({"store": "no url"}, InvalidSetting, "no%20url"),
    ({"secrets": ["UNSET"]}, UsageError, "export UNSET=..."),
    ({"capture_env_vars": ["UNSET"]}, UsageError, "export UNSET=..."),
  ],
)
def test_what_cannot_be_had_is_said_before_anything_is_done(
  arguments, error, said
):
  with pytest.raises(error, match=said.replace("[", r"\[")):
    plan(registry(), **arguments)


def test_secrets_are_refused_where_the_backend_cannot_carry_them():
  known = registry(backend("leaky", Fit.GOOD))
  with pytest.raises(UnsupportedByBackend, match=r"leaky .*API_KEY"):
    plan(known, backend="leaky", env={"API_KEY": "hush"})


def test_variables_that_look_like_credentials_become_secrets():
  made = plan(
    registry(),
    {"HF_TOKEN": "hush", "HF_HOME": "/x", "PATH": "/bin"},
    capture_env_vars=["HF_*"],
    env={"SEED": "1"},
  )
  assert dict(made.environment.plain) == {"HF_HOME": "/x", "SEED": "1"}
  assert dict(made.environment.secrets) == {"HF_TOKEN": "hush"}
  assert "hush" not in repr(made)


def test_of_several_companions_the_first_installed_one_counts():
  cloud = backend(
    "cloud",
    Fit.GOOD,
    companions={"image_builder": ("cloudbuild", "prebuilt"), "store": "file"},
    capabilities=frozenset({"images"}),
  )
  made = plan(registry(cloud), backend="cloud")
  assert made.image_builder.name == "prebuilt"
  assert made.image_builder.why == "companion of cloud"


def test_a_missing_companion_names_its_extra():
  cloud = backend("cloud", Fit.GOOD, companions={"store": "gs"})
  with pytest.raises(UnknownProvider, match=r"keras-remote\[gke\]"):
    plan(registry(cloud), backend="cloud")


@pytest.mark.parametrize(
  ("image", "builder"),
  [("prebuilt", "prebuilt"), ("me/image:1", "given"), (None, "prebuilt")],
)
def test_a_named_image_decides_the_builder(image, builder):
  cloud = backend("cloud", Fit.GOOD, capabilities=frozenset({"images"}))
  made = plan(registry(cloud), backend="cloud", container_image=image)
  assert made.image_builder.name == builder


def test_a_backend_without_images_says_that_it_ignores_one():
  made = plan(registry(), backend="local", container_image="me/image:1")
  assert made.image_builder.name == "local"
  assert "container_image is ignored" in made.notes[0]


def test_a_store_that_jobs_cannot_reach_is_refused():
  lonely: StoreProvider = StoreProvider(
    name="lonely", summary="A store.", implementation="mine:Store"
  )
  known = registry(stores=[lonely])
  with pytest.raises(UnsupportedByBackend, match="no remote side"):
    plan(known, store="lonely://here")


def test_a_store_without_a_default_url_asks_for_one():
  homeless: StoreProvider = StoreProvider(
    name="homeless",
    summary="A store.",
    implementation="mine:Store",
    remote="mine.remote",
  )
  cloud = backend("cloud", Fit.GOOD, companions={"store": "homeless"})
  with pytest.raises(StoreError, match="KERAS_REMOTE_STORE=homeless"):
    plan(registry(cloud, stores=[homeless]), backend="cloud")


def test_a_backend_lays_out_the_job_from_its_settings():
  cloud = backend(
    "cloud",
    Fit.GOOD,
    shape=lambda request: Shape(
      processes=request.resources.accelerator.hosts,
      attempts=1 + request.settings.retries,
    ),
  )
  made = plan(
    registry(cloud), backend="cloud", accelerator="v6e-4x4", retries=2
  )
  assert (made.processes, made.attempts) == (4, 3)


@given(st.floats(0.001, 1e6), st.sampled_from(["timeout", "pending_timeout"]))
def test_limits_stand_in_the_plan(seconds, name):
  assert getattr(plan(registry(), **{name: seconds}), name) == seconds
