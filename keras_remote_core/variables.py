"""What the name of an environment variable tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KEY = "KERAS_REMOTE_KEY"
"""The job's own authentication key, which no user value may replace."""

HIDDEN = "***"

# Linux's limit for one string (MAX_ARG_STRLEN), with the name beside it.
_LONGEST = 120_000

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATTERN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\*?")

# A whole word of the name ends so. TOKENS is left out: MAX_TOKENS is a count.
_CREDENTIAL = re.compile(
  r"(?:KEYS?|TOKEN|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|CREDENTIALS?)\d*(?:_|$)",
  re.IGNORECASE,
)

# What makes this process work here would break one that runs elsewhere; the
# last three name files on this machine.
_CRITICAL = re.compile(
  r"""(?x)
    _ | PATH | HOME | PWD | OLDPWD | SHELL | SHLVL | USER | LOGNAME | HOSTNAME
    | TMPDIR | TMP | TEMP | TERM | DISPLAY
    | (?: PYTHON | LD_ | DYLD_ | VIRTUAL_ENV | CONDA_ | SSH_ | KERAS_REMOTE_
        | XDG_ | DBUS_ ) .*
    | GOOGLE_APPLICATION_CREDENTIALS | CLOUDSDK_CONFIG | KUBECONFIG
  """
)


def is_credential(name: str) -> bool:
  """Whether a variable of this name probably holds a secret."""
  return _CREDENTIAL.search(name) is not None


def is_capturable(name: str) -> bool:
  """Whether a pattern may take this variable into a job."""
  return bool(_NAME.fullmatch(name)) and not _CRITICAL.fullmatch(name)


def masked(variables: Mapping[str, str]) -> dict[str, str]:
  """The variables with the values of probable secrets hidden."""
  return {
    name: HIDDEN if is_credential(name) else value
    for name, value in variables.items()
  }


def check_names(instance: Any, attribute: Any, names: Any) -> None:
  """An attrs validator: each is a name that a job's environment can have."""
  del instance, attribute
  _check(_NAME, names, "an environment variable's name")


def check_patterns(instance: Any, attribute: Any, names: Any) -> None:
  """An attrs validator: each is a name, or a pattern such as ``HF_*``."""
  del instance, attribute
  _check(_PATTERN, names, "a variable's name or a pattern such as HF_*")


def check_values(values: Mapping[str, str]) -> None:
  """Raises ValueError for what no process can be given."""
  for name, value in values.items():
    if "\0" in value:
      raise ValueError(f"the value of {name} holds a null character")
    if len(value.encode("utf-8", "surrogateescape")) > _LONGEST:
      raise ValueError(f"the value of {name} is longer than {_LONGEST} bytes")


def _check(form: re.Pattern[str], names: Any, accepted: str) -> None:
  for name in names:
    if not form.fullmatch(name):
      raise ValueError(f"{name!r} is not {accepted}")
    if name == KEY:
      raise ValueError(f"{KEY} belongs to the job itself")
