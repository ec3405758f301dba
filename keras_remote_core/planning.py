"""From options to a plan: every decision, purely, before anything is done."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

from attrs import frozen

from keras_remote_core import choosing, environment, resolving
from keras_remote_core.accelerator_names import Accelerators
from keras_remote_core.companions import Companions
from keras_remote_core.errors import UnsupportedByBackend, UsageError
from keras_remote_core.model import (
  BackendChoice,
  Environment,
  Place,
  Plan,
  Resources,
)
from keras_remote_core.options import Options
from keras_remote_core.providers import FitRequest, Shape
from keras_remote_core.registry import Registry


@frozen(kw_only=True)
class Identity:
  """What a plan gets from outside of itself, so that it stays pure."""

  job_id: str
  function: str
  created: datetime.datetime
  user: str = ""


def plan(options: Options, registry: Registry, identity: Identity) -> Plan:
  """Decides everything about one call.

  Raises:
    UnknownAccelerator, UnknownProvider, NoBackend, AmbiguousBackend,
    UnsupportedByBackend, InvalidSetting: something asked for cannot be had.
  """
  core = options.core.value
  with _told(options, "accelerator"):
    resources = parse_accelerator(core.accelerator, registry)
  with _told(options, "backend"):
    backend = choosing.backend(options, registry, resources)
  companions = Companions(options, registry, backend.provider)
  captured = _captured(options, backend)
  shape = _shape(backend, options, resources)
  return Plan(
    job_id=identity.job_id,
    function=identity.function,
    created=identity.created,
    user=identity.user,
    resources=resources,
    backend=backend,
    authenticator=companions.choice("authenticator"),
    packager=companions.choice("packager"),
    image_builder=companions.image_builder(),
    store=companions.store(core.store, options.core.origins["store"]),
    result_reader=companions.choice("result_reader"),
    place=Place.of(core),
    image=core.container_image,
    requirements=core.requirements,
    backend_requirements=shape.requirements,
    prelude=shape.prelude,
    environment=captured,
    timeout=core.timeout,
    pending_timeout=core.pending_timeout,
    strict=core.strict,
    processes=shape.processes,
    attempts=shape.attempts,
    notes=tuple(_notes(options, resources, backend)),
  )


def parse_accelerator(text: str, registry: Registry) -> Resources:
  """The resources a spelling stands for, from the installed families."""
  families = registry.contributions("accelerator")
  return Accelerators(families).parse(text)


@contextlib.contextmanager
def _told(options: Options, setting: str) -> Iterator[None]:
  """Adds to an error where the setting comes from, if not from the call."""
  try:
    yield
  except UsageError as error:
    origin = options.core.origins[setting]
    if origin not in ("argument", resolving.DEFAULT):
      error.message += f" ({setting} is set by {origin})"
    raise


def _captured(options: Options, backend: BackendChoice) -> Environment:
  core, environ = options.core.value, options.sources.environ
  captured = environment.capture(core, environ)
  if captured.secrets and "secrets" not in backend.provider.capabilities:
    names = ", ".join(sorted(captured.secrets))
    raise UnsupportedByBackend(
      f"the backend {backend.name} cannot carry secrets ({names})",
      remedy="leave them out of secrets=, env= and capture_env_vars=",
    )
  return captured


def _shape(
  backend: BackendChoice, options: Options, resources: Resources
) -> Shape:
  request = FitRequest(
    resources=resources, settings=backend.settings, core=options.core.value
  )
  return backend.provider.shape(request)


def _notes(
  options: Options, resources: Resources, backend: BackendChoice
) -> Iterator[str]:
  core, accelerator = options.core.value, resources.accelerator
  if choosing.is_fallback(backend):
    yield "no cloud is configured: running on this machine (backend local)"
  if backend.name == "local" and accelerator.kind != "cpu":
    yield f"backend local: this machine's hardware is used, not {accelerator.name}"
  if core.container_image and "images" not in backend.provider.capabilities:
    yield f"backend {backend.name} runs no images: container_image is ignored"
