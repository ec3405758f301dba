"""Whether a body has the fields and the types that its kind has.

The schemas are those of the distribution ``kubernetes-validate``; where it is
not installed, every body passes.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control import custom
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import Resource

_VERSION = "v1.36.0-local-strict"
_TYPES: Mapping[str, tuple[type, ...]] = {
  "array": (list,),
  "boolean": (bool,),
  "integer": (int,),
  "number": (int, float),
  "object": (dict,),
  "string": (str,),
}
_GO = {
  bool: "bool",
  dict: "object",
  float: "number",
  int: "number",
  list: "array",
  str: "string",
}


class WrongType(Exception):
  """A value that Go's JSON would not take for a field."""


@frozen
class _Place:
  """Where in a body something stands: Go's struct, and the path to it."""

  struct: str
  path: str = ""

  def field(self, key: str, struct: str | None = None) -> _Place:
    path = f"{self.path}.{key}" if self.path else key
    return _Place(struct or self.struct, path)

  def item(self, index: int) -> _Place:
    return _Place(self.struct, f"{self.path}[{index}]")


def pruned(resource: Resource, body: Object) -> tuple[Object, list[str]]:
  """A body without the fields its kind does not have, and their paths.

  Raises:
    WrongType: a field has a value of a wrong type.
  """
  if not resource.typed:
    return custom.pruned(resource, body)
  schema = _schema(resource)
  if schema is None:
    return body, []
  unknown: list[str] = []
  made = _walk(schema, body, _Place(resource.kind), unknown)
  return made, unknown


def _walk(
  schema: Mapping[str, Any], value: Any, place: _Place, unknown: list[str]
) -> Any:
  if "$ref" in schema:
    called = schema["$ref"].rpartition("/")[2]
    struct = called.rpartition(".")[2]
    place = _Place(struct, place.path)
    schema = _definitions()[called]
  if value is None or "oneOf" in schema:
    return value
  _check_type(schema, value, place)
  if isinstance(value, dict):
    pairs = _walked_fields(schema, value, place, unknown)
    return {key: each for key, each in pairs if each is not None}
  if isinstance(value, list) and "items" in schema:
    return [
      _walk(schema["items"], each, place.item(index), unknown)
      for index, each in enumerate(value)
    ]
  return value


def _walked_fields(
  schema: Mapping[str, Any],
  value: Mapping[str, Any],
  place: _Place,
  unknown: list[str],
) -> Iterator[tuple[str, Any]]:
  properties = schema.get("properties", {})
  others = schema.get("additionalProperties")
  for key, each in value.items():
    inner = properties.get(key, others if isinstance(others, dict) else None)
    if inner is not None:
      yield key, _walk(inner, each, place.field(key), unknown)
    elif properties:
      unknown.append(place.field(key).path)
    else:
      yield key, each


def _check_type(schema: Mapping[str, Any], value: Any, place: _Place) -> None:
  wanted = schema.get("type", [])
  names = [wanted] if isinstance(wanted, str) else wanted
  known = [_TYPES[each] for each in names if each in _TYPES]
  if not known or any(type(value) in each for each in known):
    return
  path = "".join(
    part.partition("]")[2] or part for part in place.path.split("[")
  )
  raise WrongType(
    f"json: cannot unmarshal {_GO[type(value)]} into Go struct field"
    f" {place.struct}.{path} of type {_go_type(schema, names[0])}"
  )


def _go_type(schema: Mapping[str, Any], name: str) -> str:
  if name in ("integer", "number"):
    return str(schema.get("format", "int32"))
  if name == "array":
    inner = schema.get("items", {})
    if "$ref" in inner:
      return f"[]v1.{inner['$ref'].rpartition('.')[2]}"
    return "[]string"
  return {"boolean": "bool", "object": "map[string]string"}.get(name, name)


def _folder() -> Path | None:
  found = importlib.util.find_spec("kubernetes_validate")
  if found is None or found.origin is None:
    return None
  return Path(found.origin).parent / "kubernetes-json-schema" / _VERSION


@functools.cache
def _definitions() -> Mapping[str, Any]:
  folder = _folder()
  assert folder is not None
  definitions: Mapping[str, Any] = json.loads(
    (folder / "_definitions.json").read_text()
  )["$defs"]
  return definitions


@functools.cache
def _schema(resource: Resource) -> Mapping[str, Any] | None:
  folder = _folder()
  if folder is None or not folder.is_dir():
    return None
  group = f"{resource.group.partition('.')[0]}-" if resource.group else ""
  path = folder / f"{resource.kind.lower()}-{group}{resource.version}.json"
  schema: Mapping[str, Any] = json.loads(path.read_text())
  return schema
