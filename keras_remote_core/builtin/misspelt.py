"""The check for variables that were meant to set something."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from keras_remote_core import (
  profiles_file,
  registry,
  settings,
  suggestions,
  tracebacks,
)
from keras_remote_core.cli.settings import every_section
from keras_remote_core.model import CheckResult

_PREFIX = "KERAS_REMOTE_"
_OWN = (
  "KERAS_REMOTE_HOME",
  profiles_file.VARIABLE,
  registry.DISABLED,
  tracebacks.DEBUG,
)
"""What is about the client itself and no setting."""


def variables() -> CheckResult:
  """Whether some variable looks like a setting's, misspelt."""
  found = near(os.environ, known())
  if not found:
    return CheckResult(ok=True, message="none looks misspelt")
  return CheckResult(
    ok=False,
    message=f"{', '.join(found)}: set, and read by nothing",
    remedy="; ".join(f"rename {old} to {new}" for old, new in found.items()),
  )


def known() -> set[str]:
  """Every variable that the installed plugins and the client read."""
  sections = every_section(registry.installed())
  return {*_OWN} | {
    settings.variable(attribute, section)
    for section, cls in sections.items()
    for attribute in settings.fields(cls).values()
  }


def near(environ: Iterable[str], names: set[str]) -> Mapping[str, str]:
  """Variables that nothing reads, with the one that each resembles.

  One that resembles none may be meant for a plugin that is not installed.
  """
  unknown = sorted(
    name for name in environ if name.startswith(_PREFIX) and name not in names
  )
  meant = {
    name: suggestions.nearest(
      name.removeprefix(_PREFIX), [n.removeprefix(_PREFIX) for n in names]
    )
    for name in unknown
  }
  return {name: _PREFIX + to for name, to in meant.items() if to is not None}
