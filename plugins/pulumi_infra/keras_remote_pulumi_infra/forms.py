"""What Google Cloud takes as names, places and amounts; attrs validators.

Forms: the documentation of each API's resource, and of "Regions and zones".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from keras_remote_core.errors import InvalidSetting
from keras_remote_gke import syntax

_Validator = Callable[[Any, Any, Any], None]

_PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
# Node pools and clusters; longer names do not leave room for those of machines.
_RESOURCE = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")
_REPOSITORY = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_REGION = r"[a-z]+(?:-[a-z]+)+[0-9]+"
_ZONE = re.compile(rf"(?P<region>{_REGION})-[a-z]")
_LOCATION = re.compile(rf"{_REGION}(?:-[a-z])?")
_MACHINE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_MOST_NODES = 5000
"""Of one cluster, without asking Google first."""


def region(location: str) -> str:
  """The region of a zone, or the region itself."""
  found = _ZONE.fullmatch(location)
  return found["region"] if found else location


def _form(pattern: re.Pattern[str], told: str) -> _Validator:
  def check(instance: Any, attribute: Any, value: Any) -> None:
    del instance
    if not isinstance(value, str) or not pattern.fullmatch(value):
      raise InvalidSetting(f"{_named(attribute)} {value!r} is not {told}")

  return check


project = _form(_PROJECT, "a project's id, such as my-project-1234")
resource_name = _form(
  _RESOURCE,
  "a name of at most 40 of a-z, 0-9 and -, with a letter first and no - last",
)
repository = _form(_REPOSITORY, "a repository's name, such as keras-remote")
location = _form(
  _LOCATION, "a zone or region, such as us-central1-a or us-central1"
)
zone = _form(_ZONE, "a zone, such as us-central1-a")
machine_type = _form(_MACHINE, "a machine type, such as e2-standard-8")


def label(instance: Any, attribute: Any, value: Any) -> None:
  """A name that Kubernetes takes for a namespace or an account."""
  del instance
  if not isinstance(value, str) or not syntax.is_namespace(value):
    raise InvalidSetting(
      f"{_named(attribute)} {value!r} is not a name of at most 63 of a-z, 0-9"
      " and -, with a letter or digit at both ends"
    )


def reservation(instance: Any, attribute: Any, value: str) -> None:
  del instance
  try:
    syntax.reservation_parts(value)
  except ValueError as error:
    raise InvalidSetting(f"{_named(attribute)} {value!r} {error}") from None


def nodes(instance: Any, attribute: Any, value: int | None) -> None:
  """A number of machines, where one is given."""
  del instance
  if value is not None and not 0 <= value <= _MOST_NODES:
    raise InvalidSetting(
      f"{_named(attribute)} {value} is not a number of machines from 0 to"
      f" {_MOST_NODES}"
    )


def one_of(known: Sequence[str]) -> _Validator:
  def check(instance: Any, attribute: Any, value: Any) -> None:
    del instance
    if value not in known:
      raise InvalidSetting(
        f"{value!r} is none of the {attribute.name} that there are:"
        f" {', '.join(known)}"
      )

  return check


def _named(attribute: Any) -> str:
  return str(attribute.name).replace("_", " ")
