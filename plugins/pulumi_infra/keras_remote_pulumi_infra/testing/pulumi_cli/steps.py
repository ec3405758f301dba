"""What becomes of each resource; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

Resource = dict[str, Any]
STACK = "pulumi:pulumi:Stack"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the SDK sends in a preview for a value that nobody knows yet."""


def urn(stack: str, project: str, parent: str, type_: str, name: str) -> str:
  """What the engine calls a resource."""
  above = parent.split("::")[2] if parent else ""
  path = f"{above}${type_}" if above and not above.endswith(STACK) else type_
  return f"urn:pulumi:{stack}::{project}::{path}::{name}"


def operation(old: Resource | None, inputs: Mapping[str, Any]) -> str:
  if old is None:
    return "create"
  return "update" if changed(old["inputs"], inputs) else "same"


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
  """The properties that differ; what is not known yet does not."""
  return [
    key
    for key in sorted(old.keys() | new.keys())
    if old.get(key) != new.get(key) and _UNKNOWN not in str(new.get(key))
  ]


def metadata(
  operation: str, resource: Resource, diffs: Iterable[str] = ()
) -> dict[str, Any]:
  """What events tell of a step."""
  which = "old" if operation == "delete" else "new"
  told = {key: resource.get(key) for key in ("type", "urn", "id", "inputs")}
  details = {each: {"diffKind": "update", "inputDiff": True} for each in diffs}
  return {
    "op": operation,
    "urn": resource["urn"],
    "type": resource["type"],
    "provider": "",
    which: {**told, "parent": "", "provider": "", "outputs": {}},
    "detailedDiff": details or None,
  }


def removable(
  resources: Iterable[Resource], keep: Collection[str] = ()
) -> Iterator[Resource]:
  """What can be deleted, in that order, so that the kept lack nothing.

  Args:
    keep: URNs of those that stay.
  """
  needed = set(keep)
  for each in reversed(list(resources)):
    if each["urn"] in needed:
      needed |= {each.get("parent", ""), *each.get("dependencies", ())}
    elif not (each["type"] == STACK and needed):
      yield each
