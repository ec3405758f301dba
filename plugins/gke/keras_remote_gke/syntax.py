"""What Kubernetes takes as names, labels and annotations; attrs validators.

The forms are those of its documentation, "Object Names and IDs" and "Labels
and Selectors".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keras_remote_gke import names

_LONGEST_SUBDOMAIN = 253
_DNS_LABEL = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_NAMESPACE = re.compile(_DNS_LABEL)
_SUBDOMAIN = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
_VALUE = re.compile(r"[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?")
_RESERVATION = re.compile(
  rf"(?:projects/(?P<project>{_VALUE.pattern})/reservations/)?"
  rf"(?P<name>{_VALUE.pattern})"
)


def is_namespace(text: str) -> bool:
  return _NAMESPACE.fullmatch(text) is not None


def reservation_parts(text: str) -> tuple[str | None, str]:
  """The project, where one is given, and the name of a reservation.

  Raises:
    ValueError: it is no reservation.
  """
  if not (match := _RESERVATION.fullmatch(text)):
    raise ValueError("must be NAME or projects/PROJECT/reservations/NAME")
  return match["project"], match["name"]


def object_name(instance: Any, attribute: Any, value: str) -> None:
  """The name of a service account, or of most other objects."""
  del instance, attribute
  if not _is_subdomain(value):
    raise ValueError(
      "must be a Kubernetes name: a-z, 0-9, - and ., with a letter or digit"
      " at both ends"
    )


def label_value(instance: Any, attribute: Any, value: str) -> None:
  """A name that nodes or jobs carry as a label."""
  del instance, attribute
  if not _VALUE.fullmatch(value):
    raise ValueError(
      "must be at most 63 letters, digits, -, _ and ., with a letter or digit"
      " at both ends"
    )


def reservation(instance: Any, attribute: Any, value: str) -> None:
  del instance, attribute
  reservation_parts(value)


def label_pairs(
  instance: Any, attribute: Any, pairs: Mapping[str, str]
) -> None:
  """Labels that a job may get besides its own."""
  annotation_pairs(instance, attribute, pairs)
  for key, value in pairs.items():
    if value and not _VALUE.fullmatch(value):
      raise ValueError(
        f"the value of {key!r} must be at most 63 letters, digits, -, _ and .,"
        " with a letter or digit at both ends"
      )


def annotation_pairs(
  instance: Any, attribute: Any, pairs: Mapping[str, str]
) -> None:
  """Annotations that a job may get besides its own; values are free text."""
  del instance, attribute
  for key in pairs:
    if not _is_key(key):
      raise ValueError(f"{key!r} is no key such as team or example.com/team")
    if key == names.QUEUE:
      raise ValueError(f"{key!r} is set by queue=")
    if names.reserved(key):
      raise ValueError(f"{key!r} is set by keras-remote or Kubernetes itself")


def _is_subdomain(text: str) -> bool:
  fits = len(text) <= _LONGEST_SUBDOMAIN
  return fits and _SUBDOMAIN.fullmatch(text) is not None


def _is_key(text: str) -> bool:
  prefix, slash, name = text.rpartition("/")
  named = _VALUE.fullmatch(name) is not None
  return named and (not slash or _is_subdomain(prefix))
