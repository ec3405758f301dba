"""How settings are declared, and those of the core.

A settings class is an attrs ``@frozen(kw_only=True)`` class whose fields are
made by ``setting()``. Their types are ``str``, ``int``, ``float``, ``bool``,
``tuple[str, ...]``, ``Mapping[str, str]`` and each of these ``| None``, and
must be importable at run time.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from attrs import field, frozen
from attrs.converters import optional

from keras_remote_core import durations, variables

_METADATA = "keras_remote"
_PREFIX = "KERAS_REMOTE"


@frozen(kw_only=True)
class Traits:
  """What a setting is beyond its name, type and default."""

  help: str = ""
  run: bool = False
  env: str | None = None
  secret: bool = False


def setting(
  default: Any,
  help: str,  # noqa: A002
  *,
  run: bool = False,
  env: str | None = None,
  secret: bool = False,
  converter: Callable[[Any], Any] | None = None,
  validator: Callable[[Any, Any, Any], Any] | None = None,
  repr: bool | Callable[[Any], str] = True,  # noqa: A002
) -> Any:
  """A field of a settings class.

  Args:
    default: a value, or ``attrs.Factory`` for one that is made anew.
    help: one line, shown by ``keras-remote plugins show``.
    run: makes it a parameter of ``@run``.
    env: its environment variable, where the usual name does not fit.
    secret: its value is never shown, and never read from a file.
    converter: makes the value of whatever a source says, in place of the
      field's type, and leaves its own results as they are; raises ValueError
      saying what is accepted.
    validator: as in attrs; raises ValueError.
    repr: as in attrs; anything but True keeps the value out of messages.
  """
  traits = Traits(help=help, run=run, env=env, secret=secret)
  return field(
    default=default,
    converter=converter,
    validator=validator,
    repr=False if secret else repr,
    metadata={_METADATA: traits},
  )


def fields(cls: type[Any]) -> dict[str, attrs.Attribute[Any]]:
  """The settings of a class by name, their types resolved."""
  return attrs.fields_dict(attrs.resolve_types(cls))


def traits(attribute: attrs.Attribute[Any]) -> Traits:
  """What ``setting()`` was told about the field."""
  found: Traits = attribute.metadata.get(_METADATA, Traits())
  return found


def run_fields(cls: type[Any]) -> dict[str, attrs.Attribute[Any]]:
  """The settings of a class that are parameters of ``@run``."""
  return {name: made for name, made in fields(cls).items() if traits(made).run}


def owner(cls: type[Any], field_name: str) -> type[Any]:
  """The class that declares a field: ``cls`` itself or one of its bases.

  Raises:
    KeyError: the class has no such field.
  """
  for base in cls.__mro__:
    if field_name in inspect.get_annotations(base):
      return base
  raise KeyError(field_name)


def variable(
  attribute: attrs.Attribute[Any], section: str | None = None
) -> str:
  """The environment variable that sets a field of a section's class."""
  parts = [_PREFIX, *([section] if section else []), attribute.name]
  usual = "_".join(parts).upper().replace("-", "_")
  return traits(attribute).env or usual


@frozen(kw_only=True)
class CoreSettings:
  """The parameters of ``@run`` that belong to no plugin.

  Args:
    timeout: seconds, as is ``pending_timeout``.
    secrets: names whose values the environment has, or names with values.
  """

  accelerator: str = setting(
    "cpu", "the hardware, such as v6e-8, a100x4 or cpu", run=True
  )
  backend: str | None = setting(
    None, "where the job runs; by default what fits the accelerator", run=True
  )
  store: str | None = setting(
    None, "the URL of the store that carries code and results", run=True
  )
  project: str | None = setting(None, "the cloud project", run=True)
  zone: str = setting("us-central1-a", "the cloud zone", run=True)
  cluster: str = setting("keras-remote", "the cluster's name", run=True)
  namespace: str = setting(
    "default",
    "the cluster's namespace",
    run=True,
    env="KERAS_REMOTE_GKE_NAMESPACE",
  )
  container_image: str | None = setting(
    None, "the image the job runs in, in place of a made one", run=True
  )
  capture_env_vars: tuple[str, ...] = setting(
    (),
    "variables of this environment the job gets: names and PREFIX_* patterns",
    run=True,
    validator=variables.check_patterns,
  )
  env: Mapping[str, str] = setting(
    attrs.Factory(dict),
    "variables the job gets, with their values",
    run=True,
    validator=variables.check_names,
    repr=lambda values: repr(variables.masked(values)),
  )
  secrets: tuple[str, ...] | Mapping[str, str] = setting(
    (),
    "names of variables the job gets as secrets; values only as an argument",
    run=True,
    secret=True,
    validator=variables.check_names,
  )
  requirements: tuple[str, ...] = setting(
    (), "requirements on top of the project's own", run=True
  )
  timeout: float | None = setting(
    None,
    "how long the function may run, such as 90m",
    run=True,
    converter=optional(durations.seconds),
  )
  pending_timeout: float | None = setting(
    None,
    "how long the job may wait for hardware, such as 2h",
    run=True,
    converter=optional(durations.seconds),
  )
  strict: bool = setting(
    True, "refuse code that may not import in the job", run=True
  )
