"""Names and labels, and what the API server says of wrong ones; pure."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from keras_remote_gke.testing.control.statuses import Cause, wrong

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
_GENERATED = 58
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_DNS_1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_VALUE = r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_KEY = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"


def generated(base: str) -> str:
  """A name that begins with ``base``, as ``generateName`` makes it."""
  suffix = "".join(random.choices(_ALPHABET, k=5))
  return base[:_GENERATED] + suffix


def subdomain(field: str, name: str) -> list[Cause]:
  """What is wrong with the name of most kinds of objects."""
  said = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
    " characters, '-' or '.', and must start and end with an alphanumeric"
    f" character (e.g. 'example.com', regex used for validation is"
    f" '{_SUBDOMAIN}')"
  )
  return _checked(field, name, _SUBDOMAIN, 253, said)


def label(field: str, name: str) -> list[Cause]:
  """What is wrong with a name that has to be one part of a host's name."""
  said = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric"
    " characters or '-', and must start and end with an alphanumeric character"
    f" (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
  )
  return _checked(field, name, _LABEL, 63, said)


def path_segment(field: str, name: str) -> list[Cause]:
  """What is wrong with the name of a role or of a binding."""
  if name in (".", ".."):
    return [wrong(field, name, f"may not be '{name}'")]
  return [
    wrong(field, name, f"may not contain '{each}'")
    for each in "/%"
    if each in name
  ]


def dns_1035(field: str, name: str) -> list[Cause]:
  """What is wrong with a Service's name."""
  said = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or"
    " '-', start with an alphabetic character, and end with an alphanumeric"
    " character (e.g. 'my-name',  or 'abc-123', regex used for validation is"
    f" '{_DNS_1035}')"
  )
  return _checked(field, name, _DNS_1035, 63, said)


def label_values(field: str, labels: Mapping[str, str]) -> list[Cause]:
  said = (
    "a valid label must be an empty string or consist of alphanumeric"
    " characters, '-', '_' or '.', and must start and end with an alphanumeric"
    " character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for"
    f" validation is '{_VALUE}')"
  )
  return [
    cause
    for key, value in labels.items()
    for cause in [*_key(field, key), *_checked(field, value, _VALUE, 63, said)]
  ]


def annotation_keys(field: str, annotations: Mapping[str, str]) -> list[Cause]:
  return [cause for key in annotations for cause in _key(field, key.lower())]


def _key(field: str, key: str) -> list[Cause]:
  """What is wrong with a label's or an annotation's key."""
  prefix, slash, name = key.rpartition("/")
  said = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and"
    " must start and end with an alphanumeric character (e.g. 'MyName',  or"
    f" 'my.name',  or '123-abc', regex used for validation is '{_KEY}')"
  )
  causes: list[Cause] = []
  if slash and not re.fullmatch(_SUBDOMAIN, prefix):
    causes += subdomain(field, prefix)
  if not re.fullmatch(_KEY, name):
    causes.append(wrong(field, key, said))
  if len(name) > 63:
    causes.append(wrong(field, key, "name part must be no more than 63 bytes"))
  return causes


def _checked(
  field: str, name: str, pattern: str, limit: int, said: str
) -> list[Cause]:
  causes = []
  if len(name) > limit:
    causes.append(wrong(field, name, f"must be no more than {limit} bytes"))
  if not re.fullmatch(pattern, name):
    causes.append(wrong(field, name, said))
  return causes
