"""What a request's body says, and the refusals it can earn."""

from __future__ import annotations

import json
from typing import Any

from attrs import frozen

from keras_remote_gcp.testing.messages import Request
from keras_remote_gke.testing.control import schemas
from keras_remote_gke.testing.control.objects import Object, namespace
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.statuses import (
  bad_request,
  failure,
)


@frozen
class Decoded:
  """An object as the kind's type takes it, and what had to be left out."""

  item: Object
  unknown: list[str]

  @property
  def headers(self) -> dict[str, str]:
    """The warnings that go with the answer."""
    if not self.unknown:
      return {}
    told = (f'299 - "unknown field \\"{each}\\""' for each in self.unknown)
    return {"Warning": ", ".join(told)}


def decoded(resource: Resource, body: Any, validation: str | None) -> Decoded:
  """A body as an object of a kind.

  Args:
    validation: what the request has for ``fieldValidation``.
  """
  if not isinstance(body, dict):
    raise bad_request("the object provided is unrecognized")
  told = body.get("apiVersion", resource.api_version)
  if told != resource.api_version:
    raise bad_request(
      f"the API version in the data ({told}) does not match the expected API"
      f" version ({resource.api_version})"
    )
  if body.get("kind", resource.kind) != resource.kind:
    raise bad_request(
      f"{body['kind']} in version {json.dumps(resource.version)} cannot be"
      f" handled as a {resource.kind}: converting ({resource.group or 'core'}"
      f".{body['kind']}) to ({resource.qualified_kind}): unknown conversion"
    )
  return _typed(resource, body, validation)


def _typed(resource: Resource, body: Object, validation: str | None) -> Decoded:
  handled = (
    f'{resource.kind} in version "{resource.version}" cannot be handled as a'
    f" {resource.kind}"
  )
  try:
    item, unknown = schemas.pruned(resource, body)
  except schemas.WrongType as error:
    raise bad_request(f"{handled}: {error}") from error
  if unknown and validation == "Strict":
    fields = ", ".join(f'unknown field "{each}"' for each in unknown)
    raise bad_request(f"{handled}: strict decoding error: {fields}")
  item = {**item, "metadata": {**item.get("metadata", {})}}
  return Decoded(item, [] if validation == "Ignore" else unknown)


def parsed(request: Request) -> Any:
  """The body's JSON; None where there is none."""
  if not request.body:
    return None
  try:
    return json.loads(request.body)
  except ValueError:
    pass
  # What clients apply is YAML.
  import yaml  # type: ignore[import-untyped]

  try:
    return yaml.safe_load(request.body)
  except yaml.YAMLError as error:
    raise failure(
      400, "BadRequest", f"error decoding the body: {error}"
    ) from error


def placed(item: Object, space: str) -> Object:
  """An object in the namespace that the request's path names."""
  if namespace(item) not in ("", space):
    raise bad_request(
      "the namespace of the provided object does not match the namespace sent"
      " on the request"
    )
  if space:
    item["metadata"]["namespace"] = space
  return item


def named(item: Object, title: str) -> Object:
  """An object whose name is the one that the request's path names."""
  told = item["metadata"].setdefault("name", title)
  if told != title:
    raise bad_request(
      f"the name of the object ({told}) does not match the name on the URL"
      f" ({title})"
    )
  return item


def manager(request: Request) -> str:
  """Who owns the fields that a request sets."""
  agent = request.headers.get("user-agent", "unknown")
  return request.query.get("fieldManager") or agent.partition("/")[0]


def partial(item: Object) -> Object:
  """An object's metadata alone, or those of a list's objects."""
  if "items" in item:
    return {
      **item,
      "kind": "PartialObjectMetadataList",
      "apiVersion": "meta.k8s.io/v1",
      "items": [partial(each) for each in item["items"]],
    }
  return {
    "kind": "PartialObjectMetadata",
    "apiVersion": "meta.k8s.io/v1",
    "metadata": item["metadata"],
  }


def wants_partial(request: Request) -> bool:
  return "PartialObjectMetadata" in request.headers.get("accept", "")
