"""What ``keras_remote`` offers: ``run``, ``attach`` and ``jobs``."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, overload

from keras_remote_core.errors import KerasRemoteError, UnsupportedFunction
from keras_remote_core.remote_function import RemoteFunction
from keras_remote_core.tracebacks import user_facing

# What a call needs is imported by the call: decorating must cost nothing.
if TYPE_CHECKING:
  from keras_remote_core.job import Job

P = ParamSpec("P")
R = TypeVar("R")


class Decorator(Protocol):
  """What ``@run(...)`` with parentheses returns."""

  # An async function is awaited in the job: its caller gets the value.
  @overload
  def __call__(
    self, function: Callable[P, Awaitable[R]]
  ) -> RemoteFunction[P, R]: ...

  @overload
  def __call__(self, function: Callable[P, R]) -> RemoteFunction[P, R]: ...


@overload
def run(function: Callable[P, Awaitable[R]], /) -> RemoteFunction[P, R]: ...


@overload
def run(function: Callable[P, R], /) -> RemoteFunction[P, R]: ...


@overload
def run(
  *,
  accelerator: str | None = None,
  backend: str | None = None,
  store: str | None = None,
  project: str | None = None,
  zone: str | None = None,
  cluster: str | None = None,
  namespace: str | None = None,
  container_image: str | None = None,
  capture_env_vars: Sequence[str] | None = None,
  env: Mapping[str, str] | None = None,
  secrets: Sequence[str] | Mapping[str, str] | None = None,
  requirements: Sequence[str] | None = None,
  timeout: float | str | None = None,
  pending_timeout: float | str | None = None,
  strict: bool | None = None,
  **plugin_parameters: Any,
) -> Decorator: ...


@user_facing
def run(function: Any = None, /, **parameters: Any) -> Any:
  """Makes a function run as a job on an accelerator.

  Args:
    accelerator: ``"v6e-8"``, ``"a100x4"``, ``"cpu"``, with ``:spot`` for
      spot capacity; ``keras-remote accelerators`` lists them.
    backend: where it runs; by default what fits the accelerator.
    store: the URL that code and results travel through.
    project: the cloud project, as ``zone``, ``cluster`` and ``namespace`` are.
    container_image: an image to run in, or ``"prebuilt"``.
    capture_env_vars: variables to take along: names and ``PREFIX_*``.
    env: variables to set.
    secrets: names, or names and values, that only the backend carries.
    requirements: requirement lines on top of the project's own.
    timeout: seconds, or ``"1h30m"``, that the function may run.
    pending_timeout: the same for waiting for hardware.
    strict: False turns refusals of code that may not import into warnings.
    **plugin_parameters: what installed plugins add;
      ``keras-remote plugins show NAME`` lists them.

  Raises:
    UnknownParameter: there is no such parameter.
    UnsupportedFunction: the object cannot be decorated.
  """
  if function is None:
    given = {
      name: value for name, value in parameters.items() if value is not None
    }
    _check_names(given)
    return functools.partial(_decorate, parameters=given)
  return _decorate(function, {})


@user_facing
def attach(job: str, *, trust_store: bool = False) -> Job[Any]:
  """Finds a job again, from any process or machine.

  Args:
    job: an id, or ``<store URL>/jobs/<id>``.
    trust_store: collect even where the job's key cannot be read; whoever can
      write to the store could then run code here.

  Raises:
    UnknownJob: it is in none of the places that the message names.
  """
  from keras_remote_core import attaching, opening

  return attaching.attach(job, opening.here(), trust_store=trust_store)


def jobs() -> Iterator[Job[Any]]:
  """The jobs this client submitted, newest first.

  Jobs of backends that are not installed here any more are left out.
  """
  from keras_remote_core import index, opening

  opener = opening.here()
  for handle in index.handles():
    try:
      yield opener.job(handle)
    except KerasRemoteError:
      continue


def _decorate(
  function: Any, parameters: Mapping[str, Any]
) -> RemoteFunction[Any, Any]:
  _check(function)
  return RemoteFunction(function, parameters)


def _check_names(names: Mapping[str, Any]) -> None:
  """Raises UnknownParameter; asks the plugins only where it has to."""
  from keras_remote_core import settings

  if any(
    name not in settings.run_fields(settings.CoreSettings) for name in names
  ):
    from keras_remote_core import options, registry

    options.check_names(names, registry.installed())


def _check(function: Any) -> None:
  """Raises UnsupportedFunction for what would fail in the job."""
  if isinstance(function, classmethod | staticmethod):
    kind = type(function).__name__
    fix = f"write @{kind} above @keras_remote.run"
    raise _unsupported(f"a {kind}", function, fix)
  if isinstance(function, functools._lru_cache_wrapper):
    fix = "write @lru_cache above @keras_remote.run"
    raise _unsupported("an lru_cache wrapper", function, fix)
  if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(
    function
  ):
    fix = "return a list instead"
    raise _unsupported("a generator function", function, fix)
  if isinstance(function, type) or not callable(function):
    fix = "decorate a function or a method"
    raise _unsupported(f"{function!r}", None, fix)


def _unsupported(what: str, function: Any, remedy: str) -> UnsupportedFunction:
  code = getattr(inspect.unwrap(function), "__code__", None)
  where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
  return UnsupportedFunction(
    f"@run cannot decorate {what}{where}", remedy=remedy
  )
