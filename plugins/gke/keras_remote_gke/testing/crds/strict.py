"""Whether an object is what its definition says, unknown fields refused."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from keras_remote_gke.testing import crds

_INT_OR_STRING = "x-kubernetes-int-or-string"
_OPEN = "x-kubernetes-preserve-unknown-fields"
_MAPS = ("properties", "patternProperties")


def errors(plural: str, body: Mapping[str, Any]) -> list[str]:
  """What the API server would refuse, each as where and why.

  Rules that are programs (``x-kubernetes-validations``) are not carried out.
  """
  found = _validator(plural).iter_errors(body)
  return sorted(f"{each.json_path}: {each.message}" for each in found)


def closed(schema: Mapping[str, Any]) -> dict[str, Any]:
  """A schema in JSON Schema's words, where what is not named is refused."""
  if schema.get(_INT_OR_STRING):
    return {"type": ["integer", "string"]}
  made = {key: _part(key, value) for key, value in schema.items()}
  if "properties" in made and not schema.get(_OPEN):
    made.setdefault("additionalProperties", False)
  return made


@functools.cache
def _validator(plural: str) -> Any:
  import jsonschema  # type: ignore[import-untyped]

  return jsonschema.Draft4Validator(closed(crds.schema(plural)))


def _part(key: str, value: Any) -> Any:
  if key in _MAPS:
    return {name: closed(each) for name, each in value.items()}
  if key in ("items", "additionalProperties") and isinstance(value, Mapping):
    return closed(value)
  return value
