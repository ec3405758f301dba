"""Label and field selectors; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control.objects import Object, at, labels
from keras_remote_gke.testing.control.resources import JOBS, PODS, Resource
from keras_remote_gke.testing.control.statuses import bad_request

_SETS = re.compile(r"(\S+)\s+(in|notin)\s*\(([^)]*)\)")
_EQUAL = re.compile(r"([^\s!=]+)\s*(==|=|!=)\s*(\S*)")
_EXISTS = re.compile(r"(!?)\s*([^\s!=(),]+)")

Test = Callable[[Mapping[str, str]], bool]


@frozen(kw_only=True)
class Selection:
  """Which objects of a kind a request is about.

  Args:
    labels: the tests that labels have to pass.
    fields: each field's path, value, and whether it should have it.
  """

  space: str = ""
  labels: tuple[Test, ...] = ()
  fields: tuple[tuple[str, str, bool], ...] = ()

  @property
  def partial(self) -> bool:
    """Whether a selector leaves something out."""
    return bool(self.labels or self.fields)

  def takes(self, item: Object | None) -> bool:
    if item is None:
      return False
    if self.space and item["metadata"].get("namespace") != self.space:
      return False
    return all(test(labels(item)) for test in self.labels) and all(
      (_text(at(item, path)) == value) is wanted
      for path, value, wanted in self.fields
    )


def selection(
  resource: Resource, space: str, query: Mapping[str, str]
) -> Selection:
  """What a request selects.

  Raises:
    Refused: a selector is malformed or names a field that cannot be selected.
  """
  return Selection(
    space=space,
    labels=label_tests(query.get("labelSelector", "")),
    fields=_field_tests(resource, query.get("fieldSelector", "")),
  )


def label_tests(text: str) -> tuple[Test, ...]:
  parts = re.split(r",(?![^(]*\))", text)
  return tuple(_label_test(each.strip()) for each in parts if each.strip())


def _label_test(text: str) -> Test:
  if found := _SETS.fullmatch(text):
    key, operator, listed = found.groups()
    values = {each.strip() for each in listed.split(",")}
    if operator == "in":
      return lambda have: have.get(key) in values
    return lambda have: have.get(key) not in values
  if found := _EQUAL.fullmatch(text):
    key, operator, value = found.groups()
    return lambda have: (have.get(key) == value) is (operator != "!=")
  if found := _EXISTS.fullmatch(text):
    negated, key = found.groups()
    return lambda have: (key in have) is (not negated)
  raise bad_request(
    "unable to parse requirement: found"
    f" '{text}', expected: identifier, '!', 'in', 'notin', '=', '==', '!='"
  )


def _field_tests(
  resource: Resource, text: str
) -> tuple[tuple[str, str, bool], ...]:
  return tuple(_field_test(resource, each) for each in text.split(",") if each)


def _field_test(resource: Resource, text: str) -> tuple[str, str, bool]:
  found = re.fullmatch(r"([^!=]+)(==|=|!=)(.*)", text)
  if not found:
    raise bad_request(f"invalid selector: '{text}'; can't understand '{text}'")
  path, operator, value = found.groups()
  if path not in ("metadata.name", "metadata.namespace", *resource.fields):
    raise bad_request(_unknown_field(resource, path))
  return path, value, operator != "!="


def _unknown_field(resource: Resource, path: str) -> str:
  if resource == JOBS:
    return f'field label "{path}" not supported for Job'
  if resource == PODS:
    return f"field label not supported: {path}"
  return (
    f'"{path}" is not a known field selector: only "metadata.name",'
    ' "metadata.namespace"'
  )


def _text(value: Any) -> str:
  if isinstance(value, bool):
    return str(value).lower()
  return "" if value is None else str(value)
