"""Providers: light, named descriptions of what a plugin can do.

A provider carries a dotted string, so that listing plugins, planning and
``--help`` import none of what it stands for.
"""

from __future__ import annotations

import enum
import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import field, frozen, validators

if TYPE_CHECKING:
  from keras_remote_core.model import Resources
  from keras_remote_core.settings import CoreSettings

T = TypeVar("T")

_name = field(validator=validators.matches_re(r"[a-z][a-z0-9-]*"))
_dotted = field(validator=validators.matches_re(r"[\w.]+:\w+"))


@frozen(kw_only=True)
class Provider(Generic[T]):
  """One named implementation of a step.

  Args:
    name: what users write, such as ``"gke"`` or the URL scheme ``"gs"``.
    summary: one sentence, shown by ``keras-remote plugins list``.
    implementation: ``"package.module:Name"``, imported on first use.
    settings: an attrs class whose fields are made by ``setting()``.
  """

  name: str = _name
  summary: str
  implementation: str = _dotted
  settings: type[Any] | None = None

  def load(self) -> T:
    """Imports and returns the implementation."""
    module, _, attribute = self.implementation.partition(":")
    loaded: T = getattr(importlib.import_module(module), attribute)
    return loaded


@frozen(kw_only=True)
class StoreProvider(Provider[T]):
  """An artifact store, named by its URL scheme.

  Args:
    remote: a module, or a package with relative imports, that imports the
      standard library only and has ``connect(url) -> store`` with the client
      side's verbs. It is packed into every job's ``runner.pyz``. None: jobs
      cannot reach this store.
    authenticator: the credentials that opening the store takes by itself.
    default_url: the URL used where none is set, or None where the settings
      do not suffice to name one.
    log_interval: seconds between two log chunks of a job; what one object
      or one request costs decides it.
  """

  remote: str | None = None
  authenticator: str = "none"
  default_url: Callable[[CoreSettings], str | None] = field(
    default=lambda core: None
  )
  log_interval: float = 2.0


class Fit(enum.IntEnum):
  """How well a backend suits a request; the single highest one is chosen."""

  NEVER = 0
  WHEN_NAMED = 1
  FALLBACK = 2
  GOOD = 3
  BEST = 4


@frozen(kw_only=True)
class FitRequest:
  """What a backend's ``fit`` and ``shape`` decide from."""

  resources: Resources
  settings: Any
  core: CoreSettings


@frozen(kw_only=True)
class Shape:
  """How a job is laid out.

  Args:
    processes: how many hosts run the function (1 where one process drives
      every chip).
    attempts: how often it may be started: 1 + retries.
    prelude: ``module:function`` entries that the job calls before anything of
      the user's is imported. What they return is called, if it can be, once
      the function has returned.
    requirements: lines the job needs for that; the user's own lines win.
  """

  processes: int = 1
  attempts: int = 1
  prelude: tuple[str, ...] = ()
  requirements: tuple[str, ...] = ()


def when_named(request: FitRequest) -> Fit:
  """The default fit: installing a plugin never changes existing scripts."""
  del request
  return Fit.WHEN_NAMED


def single(request: FitRequest) -> Shape:
  """The default shape: one process, started once."""
  del request
  return Shape()


@frozen(kw_only=True)
class BackendProvider(Provider[T]):
  """A backend: where jobs run.

  Args:
    fit: decides purely how well the backend suits a request.
    shape: decides purely how the job is laid out.
    companions: default provider names of the other steps, keyed by
      ``authenticator``, ``packager``, ``image_builder``, ``store`` (a URL
      scheme) and ``result_reader``; of several names the first installed one
      counts. What is left out gets the core's own.
    capabilities: of ``"secrets"`` (carries secret values to the job by itself)
      and ``"images"`` (runs containers).
  """

  fit: Callable[[FitRequest], Fit] = when_named
  shape: Callable[[FitRequest], Shape] = single
  companions: Mapping[str, str | tuple[str, ...]] = field(factory=dict)
  capabilities: frozenset[str] = frozenset()
