"""The four ways to patch an object; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_gke.testing.control.objects import Object, copied
from keras_remote_gke.testing.control.statuses import failure

JSON = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"
KNOWN = (JSON, MERGE, APPLY, STRATEGIC)
KNOWN_OF_CUSTOM = (JSON, MERGE, APPLY)

_KEYS = {
  "conditions": "type",
  "containers": "name",
  "env": "name",
  "imagePullSecrets": "name",
  "initContainers": "name",
  "ownerReferences": "uid",
  "ports": "containerPort",
  "taints": "key",
  "volumeMounts": "mountPath",
  "volumes": "name",
  "webhooks": "name",
}
"""The lists that strategic merging merges, by the key of their items."""
_SETS = ("finalizers",)
_REMOVE = "$deleteFromPrimitiveList/"


def merged(target: Any, patch: Any) -> Any:
  """By RFC 7386: null removes, lists are replaced."""
  if not isinstance(patch, dict):
    return patch
  made = dict(target) if isinstance(target, dict) else {}
  for key, value in patch.items():
    if value is None:
      made.pop(key, None)
    else:
      made[key] = merged(made.get(key), value)
  return made


def merged_strategically(target: Any, patch: Any) -> Any:
  """As ``merged``, but known lists are merged item by item."""
  if not isinstance(patch, dict):
    return patch
  made = dict(target) if isinstance(target, dict) else {}
  for key, value in patch.items():
    if key.startswith(_REMOVE):
      name = key.removeprefix(_REMOVE)
      made[name] = [each for each in made.get(name) or [] if each not in value]
    elif value is None:
      made.pop(key, None)
    else:
      made[key] = _strategic(key, made.get(key), value)
  return made


def _strategic(key: str, target: Any, value: Any) -> Any:
  if not isinstance(value, list):
    return merged_strategically(target, value)
  if key in _SETS:
    return list(dict.fromkeys([*(target or []), *value]))
  if told_by := item_key(key, value):
    return _merged_items(told_by, target or [], value)
  return value


def item_key(name: str, items: list[Any]) -> str | None:
  """The key that tells the items of a list apart; None where none does."""
  told_by = _KEYS.get(name)
  if name == "ports" and not any("containerPort" in each for each in items):
    # Of a Service.
    return "port"
  return told_by


def _merged_items(
  key: str, target: list[Object], patch: list[Object]
) -> list[Object]:
  items = {each.get(key): each for each in target}
  for each in patch:
    name = each.get(key)
    if each.get("$patch") == "delete":
      items.pop(name, None)
    else:
      items[name] = merged_strategically(items.get(name), each)
  return list(items.values())


def operated(target: Object, operations: list[Object]) -> Object:
  """By RFC 6902.

  Raises:
    Refused: an operation does not apply.
  """
  made: Object = copied(target)
  for each in operations:
    try:
      _operate(made, each)
    except (KeyError, IndexError, ValueError, TypeError) as error:
      raise failure(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        {},
      ) from error
  return made


def _operate(target: Object, operation: Object) -> None:
  kind, path = operation["op"], operation["path"]
  if kind == "test":
    if _read(target, path) != operation["value"]:
      raise ValueError(path)
  elif kind in ("add", "replace"):
    _write(target, path, operation["value"], kind)
  elif kind == "remove":
    _remove(target, path)
  else:
    value = copied(_read(target, operation["from"]))
    if kind == "move":
      _remove(target, operation["from"])
    _write(target, path, value, "add")


def _parts(path: str) -> list[str]:
  return [
    each.replace("~1", "/").replace("~0", "~") for each in path.split("/")[1:]
  ]


def _holder(target: Any, path: str) -> tuple[Any, Any]:
  """What holds a path's end, and the end: a key or an index."""
  *way, last = _parts(path)
  for part in way:
    target = target[int(part) if isinstance(target, list) else part]
  if isinstance(target, list) and last != "-":
    return target, int(last)
  return target, last


def _read(target: Any, path: str) -> Any:
  holder, end = _holder(target, path)
  return holder[end]


def _write(target: Any, path: str, value: Any, kind: str) -> None:
  holder, end = _holder(target, path)
  if isinstance(holder, list) and kind == "add":
    holder.insert(len(holder) if end == "-" else end, value)
    return
  if kind == "replace":
    holder[end]
  holder[end] = value


def _remove(target: Any, path: str) -> None:
  holder, end = _holder(target, path)
  del holder[end]
