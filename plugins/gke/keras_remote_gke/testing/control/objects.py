"""Kubernetes objects as plain JSON, and the small questions asked of them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any

Object = dict[str, Any]


def now() -> str:
  """This moment as ``metav1.Time``: whole seconds."""
  return stamp(datetime.datetime.now(datetime.UTC))


def stamp(moment: datetime.datetime) -> str:
  return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def micro(moment: datetime.datetime) -> str:
  """As ``metav1.MicroTime``."""
  return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime.datetime:
  return datetime.datetime.fromisoformat(text)


def name(item: Mapping[str, Any]) -> str:
  return str(item["metadata"]["name"])


def namespace(item: Mapping[str, Any]) -> str:
  return str(item["metadata"].get("namespace", ""))


def uid(item: Mapping[str, Any]) -> str:
  return str(item["metadata"]["uid"])


def labels(item: Mapping[str, Any]) -> dict[str, str]:
  return item["metadata"].get("labels") or {}


def finalizers(item: Mapping[str, Any]) -> list[str]:
  return item["metadata"].get("finalizers") or []


def owners(item: Mapping[str, Any]) -> list[Object]:
  return item["metadata"].get("ownerReferences") or []


def deleting(item: Mapping[str, Any]) -> bool:
  return "deletionTimestamp" in item["metadata"]


def controlled_by(item: Mapping[str, Any]) -> str | None:
  """The uid of the object's controller."""
  for each in owners(item):
    if each.get("controller"):
      return str(each["uid"])
  return None


def controlling(item: Mapping[str, Any]) -> Object:
  """The reference that makes an object another one's controller."""
  return {
    "apiVersion": item["apiVersion"],
    "kind": item["kind"],
    "name": name(item),
    "uid": uid(item),
    "controller": True,
    "blockOwnerDeletion": True,
  }


def phase(pod: Mapping[str, Any]) -> str:
  return str(pod.get("status", {}).get("phase", "Pending"))


def finished(pod: Mapping[str, Any]) -> bool:
  return phase(pod) in ("Succeeded", "Failed")


def condition(
  item: Mapping[str, Any], kind: str, status: str | None = "True"
) -> Object | None:
  """A condition by its type; None also where it has another status."""
  for each in item.get("status", {}).get("conditions") or []:
    if each["type"] == kind and status in (None, each["status"]):
      return dict(each)
  return None


def with_condition(
  conditions: Iterable[Object] | None, new: Object
) -> list[Object]:
  """Conditions with one of them added or, in its place, replaced."""
  known = list(conditions or [])
  for index, each in enumerate(known):
    if each["type"] == new["type"]:
      known[index] = new
      return known
  return [*known, new]


def at(item: Any, path: str) -> Any:
  """What lies at a dotted path; None where nothing does."""
  for part in path.split("."):
    item = item.get(part) if isinstance(item, dict) else None
  return item


def copied(item: Any) -> Any:
  # Of JSON, faster than copy.deepcopy.
  return json.loads(json.dumps(item))
