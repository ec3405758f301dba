"""What the API server does by a custom resource's definition; pure."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any

from keras_remote_gke.testing import crds
from keras_remote_gke.testing.control.objects import Object, copied
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.statuses import (
  Cause,
  not_supported,
  required,
  wrong,
)
from keras_remote_gke.testing.crds import releases, strict

_INT_OR_STRING = "x-kubernetes-int-or-string"
_OPEN = "x-kubernetes-preserve-unknown-fields"
_BOUNDS = {
  "maximum": "should be less than or equal to",
  "maxItems": "should have at most",
  "minimum": "should be greater than or equal to",
  "minLength": "should be at least",
  "pattern": "should match",
}


def pruned(resource: Resource, body: Object) -> tuple[Object, list[str]]:
  """A body without the fields its definition lacks, and their paths."""
  unknown: list[str] = []
  own = {key: body[key] for key in ("metadata",) if key in body}
  made = _pruned(_schema(resource), body, "", unknown)
  return {**made, **own}, [e for e in unknown if not e.startswith("metadata.")]


def fill_in(resource: Resource, item: Object) -> None:
  """Fills in the defaults of a definition, in place."""
  _fill_in(_schema(resource), item)
  item.pop("status", None)


def causes(resource: Resource, item: Object) -> list[Cause]:
  """What of an object its definition refuses.

  Rules that are programs are not carried out; without the distribution
  ``jsonschema`` everything passes.
  """
  if not importlib.util.find_spec("jsonschema"):
    return []
  return [_cause(each) for each in _validator(resource).iter_errors(item)]


def _schema(resource: Resource) -> Any:
  if not crds.known(resource.plural):
    return {_OPEN: True}
  return releases.schema(resource.plural, resource.release)


@functools.cache
def _validator(resource: Resource) -> Any:
  import jsonschema  # type: ignore[import-untyped]

  return jsonschema.Draft4Validator(strict.closed(_schema(resource)))


def _pruned(
  schema: Mapping[str, Any], value: Any, path: str, unknown: list[str]
) -> Any:
  if schema.get(_OPEN) or schema.get(_INT_OR_STRING):
    return value
  if isinstance(value, dict):
    return dict(_pruned_fields(schema, value, path, unknown))
  if isinstance(value, list):
    inner = schema.get("items", {_OPEN: True})
    return [
      _pruned(inner, each, f"{path}[{index}]", unknown)
      for index, each in enumerate(value)
    ]
  return value


def _pruned_fields(
  schema: Mapping[str, Any], value: Object, path: str, unknown: list[str]
) -> Iterator[tuple[str, Any]]:
  known, others = schema.get("properties", {}), None
  if isinstance(schema.get("additionalProperties"), Mapping):
    others = schema["additionalProperties"]
  for key, each in value.items():
    at, inner = f"{path}.{key}" if path else key, known.get(key, others)
    if inner is None:
      unknown.append(at)
    elif each is not None:
      yield key, _pruned(inner, each, at, unknown)


def _fill_in(schema: Mapping[str, Any], value: Any) -> None:
  for each in value if isinstance(value, list) else ():
    _fill_in(schema.get("items", {}), each)
  if not isinstance(value, dict):
    return
  for key, inner in schema.get("properties", {}).items():
    if key not in value and "default" in inner:
      value[key] = copied(inner["default"])
    if key in value:
      _fill_in(inner, value[key])


def _cause(error: Any) -> Cause:
  """What a schema's validator found, in the API server's words."""
  path = _path(error.absolute_path)
  kind, told = error.validator, error.validator_value
  if kind == "required":
    missing = next(each for each in told if each not in error.instance)
    return required(f"{path}.{missing}".lstrip("."))
  if kind == "enum":
    return not_supported(path, error.instance, told)
  if kind == "type":
    name = told if isinstance(told, str) else told[0]
    return wrong(path, error.instance, f"{path} in body must be of type {name}")
  said = f"{_BOUNDS.get(kind, f'should fulfil {kind}')} {told}"
  return wrong(path, error.instance, f"{path} in body {said}")


def _path(parts: Any) -> str:
  """A place in an object as messages have it: ``spec.jobs[0].name``."""
  return "".join(
    f"[{each}]" if isinstance(each, int) else f".{each}" for each in parts
  ).lstrip(".")
