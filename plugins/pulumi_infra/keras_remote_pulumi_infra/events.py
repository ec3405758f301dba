"""What Pulumi's engine tells, as lines and diagnostics; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from keras_remote_pulumi_infra import details
from keras_remote_pulumi_infra.progress import Line

if TYPE_CHECKING:
  from pulumi.automation.events import EngineEvent, StepEventMetadata

# https://www.pulumi.com/docs/iac/concepts/inputs-outputs/ knows no words for
# people; these are Google's own.
_KINDS = {
  "gcp:projects/service:Service": "API",
  "gcp:projects/iAMMember:IAMMember": "role",
  "gcp:storage/bucketIAMMember:BucketIAMMember": "role",
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": "role",
  "gcp:serviceaccount/iAMMember:IAMMember": "role",
  "gcp:serviceaccount/account:Account": "service account",
  "gcp:compute/routerNat:RouterNat": "NAT",
}
_OPERATIONS = {
  "create": "create",
  "update": "update",
  "delete": "delete",
  "same": "same",
  "read": "read",
  "import": "create",
  # A replacement is three steps, of which one is told.
  "create-replacement": "replace",
}
_OWN = ("pulumi:pulumi:", "pulumi:providers:")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]+|[a-z0-9]+")
_COLOURS = re.compile(r"<\{%.*?%\}>")
_MOST_CHANGES = 3


@frozen(kw_only=True)
class Diagnostic:
  """An error that the engine or a provider told of.

  Args:
    kind, name: of the thing; empty where it is about none.
  """

  kind: str
  name: str
  message: str


def line(step: StepEventMetadata) -> Line | None:
  """What a step does; None where it concerns nobody but Pulumi."""
  operation = _OPERATIONS.get(step.op.value)
  if operation is None or step.type.startswith(_OWN):
    return None
  return Line(
    operation=operation,
    kind=kind(step.type),
    name=name(step.urn),
    detail=_detail(operation, step),
  )


def diagnostic(event: EngineEvent) -> Diagnostic | None:
  """The error in an event, if it is one."""
  told = event.diagnostic_event
  if told is None or told.severity != "error":
    return None
  urn = told.urn or ""
  type_ = urn.split("::")[2].rpartition("$")[2] if urn else ""
  about = type_ and not type_.startswith(_OWN)
  return Diagnostic(
    kind=kind(type_) if about else "",
    name=name(urn) if about else "",
    message=_COLOURS.sub("", told.message).strip(),
  )


def _detail(operation: str, step: StepEventMetadata) -> str:
  """What a new thing is made of, or what changes of an old one."""
  if operation == "create":
    inputs = step.new.inputs if step.new else None
    return details.of(step.type, inputs or {})
  if operation not in ("update", "replace"):
    return ""
  changed = list(step.detailed_diff or step.diffs or ())
  more = ", …" if len(changed) > _MOST_CHANGES else ""
  return ", ".join(changed[:_MOST_CHANGES]) + more


def name(urn: str) -> str:
  """What the program calls a thing."""
  return urn.rpartition("::")[2]


def kind(token: str) -> str:
  """A resource's type in words: ``gcp:container/nodePool:NodePool``."""
  if token in _KINDS:
    return _KINDS[token]
  words = _WORD.findall(token.rpartition(":")[2])
  return " ".join(each if each.isupper() else each.lower() for each in words)
