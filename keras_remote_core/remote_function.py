"""A decorated function: called, it runs as a job."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from typing import (
  TYPE_CHECKING,
  Any,
  Concatenate,
  Generic,
  ParamSpec,
  TypeVar,
  overload,
)

from keras_remote_core.tracebacks import user_facing

# What a call needs is imported by the call: decorating must cost nothing.
if TYPE_CHECKING:
  from keras_remote_core.job import Job
  from keras_remote_core.previewing import Preview

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

  @user_facing
  def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs the function as a job, and returns or raises what it does."""
    from keras_remote_core import blocking, reporting

    report = reporting.reporter()
    job: Job[R] = self._submit(args, kwargs)
    return blocking.finish(job, report)

  @user_facing
  def submit(self, *args: P.args, **kwargs: P.kwargs) -> Job[R]:
    """Starts the job and returns as soon as the backend has it."""
    return self._submit(args, kwargs)

  @user_facing
  def plan(self, *args: P.args, **kwargs: P.kwargs) -> Preview:
    """Prints what a call would do, and returns it; nothing is done."""
    del args, kwargs
    preview = self.preview({})
    sys.stdout.write(f"{preview}\n")
    return preview

  def preview(self, overrides: Mapping[str, Any]) -> Preview:
    """What a call would do, with some parameters of ``@run`` changed."""
    from keras_remote_core import calling, previewing

    return previewing.preview(self, calling.plan(self, overrides))

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
    from keras_remote_runner import inside

    found = _found(self)
    if found is self:
      return self.__dict__["__qualname__"]
    if isinstance(found, RemoteFunction) and found.function is self._function:
      return inside.same, (found,)
    return inside.Direct, (self._function,)

  @property
  def function(self) -> Callable[P, R]:
    """What the job calls."""
    return self._function

  @property
  def parameters(self) -> dict[str, Any]:
    """What was given to ``@run``."""
    return dict(self._parameters)

  def _submit(
    self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
  ) -> Job[Any]:
    from keras_remote_core import calling

    return calling.submit(self, args, kwargs)


class _Bound(RemoteFunction[Any, Any]):
  """A decorated method of an instance, which travels with the call."""

  def __init__(self, method: RemoteFunction[Any, Any], instance: Any) -> None:
    super().__init__(method._function, method._parameters)
    self._method, self._instance = method, instance

  def _submit(
    self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
  ) -> Job[Any]:
    return self._method._submit((self._instance, *args), kwargs)

  def with_parameters(self, **overrides: Any) -> RemoteFunction[Any, Any]:
    return _Bound(self._method.with_parameters(**overrides), self._instance)

  def __reduce__(self) -> Any:
    return self._method.__get__, (self._instance,)


def _found(function: RemoteFunction[Any, Any]) -> Any:
  """What a fresh process finds under the function's name, or None."""
  module = sys.modules.get(getattr(function, "__module__", None) or "")
  if module is None or module.__name__ == "__main__":
    return None
  found: Any = module
  for part in getattr(function, "__qualname__", "<none>").split("."):
    found = getattr(found, part, None)
  return found
