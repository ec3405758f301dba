"""From a decorated function to its plan and its job, as things stand here."""

from __future__ import annotations

import datetime
import functools
import inspect
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Any

from keras_remote_core import (
  importing,
  job_ids,
  options,
  pipeline,
  planning,
  registry,
  reporting,
  users,
)
from keras_remote_core.errors import WrongArguments
from keras_remote_core.job import Job
from keras_remote_core.model import Call, Plan
from keras_remote_core.remote_function import RemoteFunction


def submit(
  function: RemoteFunction[Any, Any],
  args: tuple[Any, ...],
  kwargs: Mapping[str, Any],
) -> Job[Any]:
  """Starts a call of a decorated function."""
  importing.check(_name(function.function))
  check_arguments(function.function, args, kwargs)
  call = Call(function=function, args=args, kwargs=kwargs)
  known = registry.installed()
  return pipeline.submit(call, plan(function, {}), known, reporting.reporter())


def plan(
  function: RemoteFunction[Any, Any], overrides: Mapping[str, Any]
) -> Plan:
  """The plan of a call, with some parameters of ``@run`` changed."""
  known = registry.installed()
  asked = options.gather({**function.parameters, **overrides}, known)
  return planning.plan(asked, known, _identity(function.function))


def check_arguments(
  function: Callable[..., Any],
  args: tuple[Any, ...],
  kwargs: Mapping[str, Any],
) -> None:
  """Raises WrongArguments where the function does not take them."""
  try:
    signature = inspect.signature(function)
  except ValueError:
    # Functions of C may not tell.
    return
  try:
    signature.bind(*args, **kwargs)
  except TypeError as error:
    raise WrongArguments(
      f"{_name(function)}{signature} cannot be called so: {error}"
    ) from None


def _name(function: Callable[..., Any]) -> str:
  inner = function.func if isinstance(function, functools.partial) else function
  name: str = getattr(inner, "__qualname__", type(inner).__qualname__)
  return name


def _identity(function: Callable[..., Any]) -> planning.Identity:
  name = _name(function)
  now = datetime.datetime.now(datetime.UTC)
  letters = string.ascii_lowercase + string.digits
  token = "".join(secrets.choice(letters) for _ in range(6))
  return planning.Identity(
    job_id=job_ids.mint(name.replace("<lambda>", "lambda"), now, token),
    function=name,
    created=now,
    user=users.name(),
  )
