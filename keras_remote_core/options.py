"""What the user asked for, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from keras_remote_core import resolving, sources
from keras_remote_core.registry import Registry
from keras_remote_core.resolving import Resolved, Sources
from keras_remote_core.settings import CoreSettings
from keras_remote_core.suggestions import unknown_parameter


@frozen(kw_only=True)
class Options:
  """The core's settings, and the sources that plugins' come from."""

  core: Resolved[CoreSettings]
  sources: Sources


def gather(arguments: Mapping[str, Any], registry: Registry) -> Options:
  """Options from ``@run``'s arguments and everything around this process.

  Raises:
    UnknownParameter: ``@run`` has no such parameter.
    InvalidSetting: a value has the wrong form.
  """
  check_names(arguments, registry)
  found = sources.gather(arguments)
  core = resolving.resolve(CoreSettings, found)
  return Options(core=core, sources=found)


def check_names(names: Iterable[str], registry: Registry) -> None:
  """Raises UnknownParameter for the first parameter nobody declares."""
  known = registry.parameters()
  for name in names:
    if name not in known:
      raise unknown_parameter(name, known)
