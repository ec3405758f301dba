"""The API server's refusals: codes, reasons and messages as it has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import Resource

_MODIFIED = (
  "the object has been modified; please apply your changes to the latest"
  " version and try again"
)


class Refused(Exception):
  """A request that is answered with a failure.

  Attributes:
    status: the answer's body, a Status.
    headers: of the answer.
  """

  def __init__(
    self, status: Object, headers: Mapping[str, str] | None = None
  ) -> None:
    super().__init__(status["message"])
    self.status = status
    self.headers = headers or {}

  @property
  def code(self) -> int:
    return int(self.status["code"])


@frozen
class Cause:
  """One thing that is wrong with an object, at one of its fields."""

  reason: str
  field: str
  message: str

  def __str__(self) -> str:
    return f"{self.field}: {self.message}"


def failure(
  code: int, reason: str, message: str, details: Object | None = None
) -> Refused:
  status: Object = {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": message,
    "reason": reason,
  }
  if details is not None:
    status["details"] = details
  return Refused({**status, "code": code})


def success(resource: Resource, title: str, uid: str) -> Object:
  """What deleting most kinds of objects answers."""
  return {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Success",
    "details": {**_details(resource, title), "uid": uid},
  }


def not_found(resource: Resource, title: str) -> Refused:
  return failure(
    404,
    "NotFound",
    f'{resource.qualified} "{title}" not found',
    _details(resource, title),
  )


def no_such_path() -> Refused:
  message = "the server could not find the requested resource"
  return failure(404, "NotFound", message, {})


def no_such_method() -> Refused:
  message = "the server does not allow this method on the requested resource"
  return failure(405, "MethodNotAllowed", message, {})


def already_exists(resource: Resource, title: str) -> Refused:
  return failure(
    409,
    "AlreadyExists",
    f'{resource.qualified} "{title}" already exists',
    _details(resource, title),
  )


def conflict(resource: Resource, title: str, why: str = _MODIFIED) -> Refused:
  return failure(
    409,
    "Conflict",
    f'Operation cannot be fulfilled on {resource.qualified} "{title}": {why}',
    _details(resource, title),
  )


def bad_request(message: str) -> Refused:
  return failure(400, "BadRequest", message)


def unauthorized() -> Refused:
  return failure(401, "Unauthorized", "Unauthorized")


def forbidden(resource: Resource, title: str, why: str) -> Refused:
  called = f'{resource.qualified} "{title}"' if title else resource.qualified
  return failure(
    403, "Forbidden", f"{called} is forbidden: {why}", _details(resource, title)
  )


def denied(webhook: str, why: str) -> Refused:
  told = f'admission webhook "{webhook}" denied the request: {why}'
  return failure(403, "Forbidden", told)


def terminating(resource: Resource, title: str, space: str) -> Refused:
  """Of who creates something in a namespace that goes."""
  why = f"unable to create new content in namespace {space} because it is being"
  refused = forbidden(resource, title, f"{why} terminated")
  refused.status["details"]["causes"] = [
    {
      "reason": "NamespaceTerminating",
      "message": f"namespace {space} is being terminated",
      "field": "metadata.namespace",
    }
  ]
  return refused


def expired(asked: int, oldest: int) -> Refused:
  message = f"too old resource version: {asked} ({oldest})"
  return failure(410, "Expired", message)


def no_manager() -> Refused:
  """Of who applies an object and does not say who he is."""
  told = "Required value: is required for apply patch"
  return failure(
    422,
    "Invalid",
    f'PatchOptions.meta.k8s.io "" is invalid: fieldManager: {told}',
    {"group": "meta.k8s.io", "kind": "PatchOptions"},
  )


def stale_page() -> Refused:
  return failure(
    410,
    "Expired",
    "The provided continue parameter is too old to display a consistent list"
    " result. You can start a new list without the continue parameter.",
  )


def unsupported(media: Sequence[str]) -> Refused:
  accepted = ", ".join(media)
  return failure(
    415,
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types"
    f" include: {accepted}",
  )


def invalid(resource: Resource, title: str, causes: Sequence[Cause]) -> Refused:
  unique = list(dict.fromkeys(str(each) for each in causes))
  told = unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"
  return failure(
    422,
    "Invalid",
    f'{resource.qualified_kind} "{title}" is invalid: {told}',
    {
      **({"name": title} if title else {}),
      **({"group": resource.group} if resource.group else {}),
      "kind": resource.kind,
      "causes": [
        {"reason": each.reason, "message": each.message, "field": each.field}
        for each in causes
      ],
    },
  )


def required(field: str, detail: str = "") -> Cause:
  told = f"Required value: {detail}" if detail else "Required value"
  return Cause("FieldValueRequired", field, told)


def wrong(field: str, value: Any, detail: str) -> Cause:
  text = json.dumps(value, separators=(",", ":"))
  return Cause("FieldValueInvalid", field, f"Invalid value: {text}: {detail}")


def not_allowed(field: str, detail: str) -> Cause:
  return Cause("FieldValueForbidden", field, f"Forbidden: {detail}")


def not_supported(field: str, value: str, known: Sequence[str]) -> Cause:
  values = ", ".join(f'"{each}"' for each in known)
  told = f'Unsupported value: "{value}": supported values: {values}'
  return Cause("FieldValueNotSupported", field, told)


def duplicate(field: str, value: str) -> Cause:
  return Cause("FieldValueDuplicate", field, f'Duplicate value: "{value}"')


def absent(field: str, value: str) -> Cause:
  return Cause("FieldValueNotFound", field, f'Not found: "{value}"')


def too_long(field: str, limit: int) -> Cause:
  told = f"Too long: may not be more than {limit} bytes"
  return Cause("FieldValueTooLong", field, told)


def _details(resource: Resource, title: str) -> Object:
  return {
    **({"name": title} if title else {}),
    **({"group": resource.group} if resource.group else {}),
    "kind": resource.plural,
  }
