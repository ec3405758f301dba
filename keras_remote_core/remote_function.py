"""A decorated function: called, it runs as a job."""

from __future__ import annotations

import datetime
import functools
import secrets
import string
import sys
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from keras_remote_core import (
  blocking,
  job_ids,
  options,
  pipeline,
  planning,
  previewing,
  registry,
  reporting,
)
from keras_remote_core.job import Job
from keras_remote_core.model import Call, Plan
from keras_remote_core.previewing import Preview
from keras_remote_core.registry import Registry
from keras_remote_core.roles import Reporter

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
S = TypeVar("S")


class RemoteFunction(Generic[P, R]):
  """Runs a function as a job; ``submit`` does not wait for it.

  Args:
    function: what the job calls.
    parameters: what was given to ``@run``.
  """

  def __init__(
    self, function: Callable[P, R], parameters: Mapping[str, Any]
  ) -> None:
    functools.update_wrapper(self, function)
    self._function = function
    self._parameters = dict(parameters)

  def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs the function as a job, and returns or raises what it does."""
    report = reporting.reporter()
    job: Job[R] = self._submit(args, kwargs, report)
    return blocking.finish(job, report)

  def submit(self, *args: P.args, **kwargs: P.kwargs) -> Job[R]:
    """Starts the job and returns as soon as the backend has it."""
    return self._submit(args, kwargs, reporting.reporter())

  def plan(self, *args: P.args, **kwargs: P.kwargs) -> Preview:
    """Prints what a call would do, and returns it; nothing is done."""
    del args, kwargs
    preview = self.preview({})
    sys.stdout.write(f"{preview}\n")
    return preview

  def preview(self, overrides: Mapping[str, Any]) -> Preview:
    """What a call would do, with some parameters of ``@run`` changed."""
    known = registry.installed()
    return previewing.preview(self, self._plan(known, overrides))

  def with_parameters(self, **overrides: Any) -> RemoteFunction[P, R]:
    """The same function with some parameters of ``@run`` changed."""
    return RemoteFunction(self._function, {**self._parameters, **overrides})

  @overload
  def __get__(
    self, instance: None, owner: type[Any]
  ) -> RemoteFunction[P, R]: ...

  @overload
  def __get__(
    self: RemoteFunction[Concatenate[S, Q], R], instance: S, owner: type[S]
  ) -> RemoteFunction[Q, R]: ...

  def __get__(self, instance: Any, owner: Any = None) -> Any:
    if instance is None:
      return self
    return _Bound(self, instance)

  def __reduce__(self) -> Any:
    """By reference where the job can import it, else the plain function."""
    if _importable(self):
      return self._function.__qualname__
    from keras_remote_runner.inside import Direct

    return Direct, (self._function,)

  def _submit(
    self,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    report: Reporter,
  ) -> Job[Any]:
    known = registry.installed()
    call = Call(function=self, args=args, kwargs=kwargs)
    return pipeline.submit(call, self._plan(known, {}), known, report)

  def _plan(self, known: Registry, overrides: Mapping[str, Any]) -> Plan:
    asked = options.gather({**self._parameters, **overrides}, known)
    return planning.plan(asked, known, _identity(self._function))


class _Bound(RemoteFunction[Any, Any]):
  """A decorated method of an instance, which travels with the call."""

  def __init__(self, method: RemoteFunction[Any, Any], instance: Any) -> None:
    super().__init__(method._function, method._parameters)
    self._method, self._instance = method, instance

  def _submit(
    self,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    report: Reporter,
  ) -> Job[Any]:
    return self._method._submit((self._instance, *args), kwargs, report)

  def __reduce__(self) -> Any:
    return self._method.__get__, (self._instance,)


def _identity(function: Callable[..., Any]) -> planning.Identity:
  inner = function.func if isinstance(function, functools.partial) else function
  name = getattr(inner, "__qualname__", type(inner).__qualname__)
  now = datetime.datetime.now(datetime.UTC)
  letters = string.ascii_lowercase + string.digits
  token = "".join(secrets.choice(letters) for _ in range(6))
  return planning.Identity(
    job_id=job_ids.mint(name.replace("<lambda>", "lambda"), now, token),
    function=name,
    created=now,
  )


def _importable(function: RemoteFunction[Any, Any]) -> bool:
  """Whether a fresh process finds this very object by its name."""
  module = sys.modules.get(getattr(function, "__module__", None) or "")
  if module is None or module.__name__ == "__main__":
    return False
  found: Any = module
  for part in getattr(function, "__qualname__", "<none>").split("."):
    found = getattr(found, part, None)
  return found is function
