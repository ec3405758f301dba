"""A call, and everything that was decided about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from keras_remote_core.model.resources import Place, Resources
from keras_remote_core.providers import BackendProvider, Provider, StoreProvider


@frozen(kw_only=True)
class Call:
  """A function with its arguments, before anything was packed."""

  function: Callable[..., Any]
  args: tuple[Any, ...] = field(default=(), repr=False)
  kwargs: Mapping[str, Any] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class Environment:
  """What the job's process environment gets.

  Args:
    plain: names and values; they stand in the manifest.
    secrets: names and values that only the backend carries.
  """

  plain: Mapping[str, str] = field(factory=dict)
  secrets: Mapping[str, str] = field(factory=dict, repr=False)


@frozen(kw_only=True)
class Choice:
  """One step's provider, its settings, and why it was chosen."""

  provider: Provider[Any]
  settings: Any
  why: str

  @property
  def name(self) -> str:
    return self.provider.name


@frozen(kw_only=True)
class BackendChoice(Choice):
  """The backend, and the distribution that brought it."""

  provider: BackendProvider[Any]
  distribution: str = ""
  version: str = ""


@frozen(kw_only=True)
class StoreChoice(Choice):
  """The store's provider and the URL it opens."""

  provider: StoreProvider[Any]
  url: str


@frozen(kw_only=True)
class Plan:
  """Everything decided about one call, before anything was done.

  Args:
    job_id: at most 40 characters of ``[a-z0-9-]``, starting with a letter.
    function: the function's qualified name, for people.
    user: who submits, as this machine knows them; empty where it does not.
    image: what the user named in ``container_image``, or None.
    requirements: requirement lines the user gave on top of the project's.
    backend_requirements: what the backend adds where nobody else names it.
    prelude: ``module:function`` entries called before the user's imports.
    timeout: seconds the function may run, or None.
    pending_timeout: seconds the job may wait for hardware, or None.
    strict: False turns refusals about code that may not import into warnings.
    processes: hosts that run the function.
    attempts: how often the job may be started.
    notes: lines that the caller should see.
  """

  job_id: str
  function: str
  created: datetime.datetime
  resources: Resources
  backend: BackendChoice
  authenticator: Choice
  packager: Choice
  image_builder: Choice
  store: StoreChoice
  result_reader: Choice
  user: str = ""
  place: Place = field(factory=Place)
  image: str | None = None
  requirements: tuple[str, ...] = ()
  backend_requirements: tuple[str, ...] = ()
  prelude: tuple[str, ...] = ()
  environment: Environment = field(factory=Environment)
  timeout: float | None = None
  pending_timeout: float | None = None
  strict: bool = True
  processes: int = 1
  attempts: int = 1
  notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class Credentials:
  """Who the caller is; ``token()`` returns a fresh bearer token or None."""

  principal: str
  project: str | None = None
  token: Callable[[], str | None] = field(default=lambda: None, repr=False)
