"""What the job's process environment gets of this one; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from keras_remote_core.errors import UsageError
from keras_remote_core.model import Environment
from keras_remote_core.settings import CoreSettings
from keras_remote_core.variables import (
  check_values,
  is_capturable,
  is_credential,
)


def capture(core: CoreSettings, environ: Mapping[str, str]) -> Environment:
  """The variables of a job, those that look like credentials as secrets.

  Raises:
    UsageError: a variable that ``capture_env_vars`` or ``secrets`` names is
      not set, or a value cannot be given to any process.
  """
  captured = {*_matching(core.capture_env_vars, environ)} - core.env.keys()
  given = {**_values(captured, environ, "capture_env_vars"), **core.env}
  secrets = {
    name: value for name, value in given.items() if is_credential(name)
  }
  secrets |= _secrets(core, environ)
  plain = {name: value for name, value in given.items() if name not in secrets}
  try:
    check_values({**plain, **secrets})
  except ValueError as error:
    raise UsageError(str(error), remedy="write it to a file instead") from None
  return Environment(plain=plain, secrets=secrets)


def _secrets(
  core: CoreSettings, environ: Mapping[str, str]
) -> Mapping[str, str]:
  if isinstance(core.secrets, Mapping):
    return core.secrets
  return _values(core.secrets, environ, "secrets")


def _matching(
  patterns: Iterable[str], environ: Mapping[str, str]
) -> Iterator[str]:
  for pattern in patterns:
    if pattern.endswith("*"):
      prefix = pattern[:-1]
      yield from (
        name
        for name in environ
        if name.startswith(prefix) and is_capturable(name)
      )
    else:
      yield pattern


def _values(
  names: Iterable[str], environ: Mapping[str, str], parameter: str
) -> dict[str, str]:
  names = sorted(names)
  missing = [name for name in names if name not in environ]
  if missing:
    raise UsageError(
      f"{parameter} names {', '.join(missing)}, not set in this environment",
      remedy=f"export {' '.join(f'{name}=...' for name in missing)}",
    )
  return {name: environ[name] for name in names}
