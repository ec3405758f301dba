"""Who has set which fields of an object, as server-side apply tells it; pure.

Kept since an object was first applied: until then nobody asks for it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keras_remote_gke.testing.control import patching
from keras_remote_gke.testing.control.objects import Object, now
from keras_remote_gke.testing.control.statuses import Refused, failure

Path = tuple[str, ...]
"""The way to a field, in the words of ``FieldsV1``: ``f:spec``, ``k:{...}``."""

_BEFORE = "before-first-apply"
_OBJECT = ("apiVersion", "kind", "status")
_METADATA = (
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "name",
  "namespace",
  "resourceVersion",
  "uid",
)


def made(body: Object, manager: str) -> Object:
  """An object that is created by applying it."""
  return _with(body, [_entry(body, manager, "Apply", fields(body))])


def applied(old: Object, body: Object, manager: str, force: bool) -> Object:
  """What becomes of an object that is applied.

  Raises:
    Refused: others have set some of its fields to other values.
  """
  entries = _entries(old) or [_entry(old, _BEFORE, "Update", fields(old))]
  own = [each for each in entries if _is(each, manager, "Apply")]
  others = [each for each in entries if each not in own]
  disputed = _disputed(fields(old), fields(body))
  conflicts = [
    (each, path)
    for each in others
    for path in sorted(disputed & _paths(each["fieldsV1"]))
  ]
  if conflicts and not force:
    raise _conflict(conflicts)
  new: Object = patching.merged_strategically(old, body)
  others = _without(others, disputed)
  held = {path for each in others for path in _paths(each["fieldsV1"])}
  before = {path for each in own for path in _paths(each["fieldsV1"])}
  for path in _dropped(before, held | fields(body).keys()):
    _remove(new, path)
  mine = _entry(body, manager, "Apply", fields(body))
  if own and own[0]["fieldsV1"] == mine["fieldsV1"]:
    mine = own[0]
  return _with(new, [mine, *others])


def changed(old: Object, new: Object, manager: str) -> Object:
  """An object that was changed otherwise, by ``manager``."""
  entries = _entries(old)
  if not entries:
    return new
  was, told = fields(old), fields(new)
  taken = {path for path in told if path not in was or was[path] != told[path]}
  if not taken and was.keys() == told.keys():
    return new
  entries = _without(entries, taken | (was.keys() - told.keys()))
  own = [each for each in entries if _is(each, manager, "Update")]
  held = {path for each in own for path in _paths(each["fieldsV1"])}
  mine = _entry(new, manager, "Update", taken | held)
  return _with(new, [*(each for each in entries if each not in own), mine])


def fields(item: Object) -> dict[Path, Any]:
  """Every field that somebody can have set, with its value."""
  about = item.get("metadata", {})
  told = {key: value for key, value in item.items() if key not in _OBJECT}
  told["metadata"] = {k: v for k, v in about.items() if k not in _METADATA}
  if not told["metadata"]:
    del told["metadata"]
  return dict(_fields(told, ()))


def _fields(value: Any, at: Path) -> Iterator[tuple[Path, Any]]:
  inner = list(_inner(value, at))
  if not inner:
    yield at, value
  for path, each in inner:
    yield from _fields(each, path)


def _inner(value: Any, at: Path) -> Iterator[tuple[Path, Any]]:
  """What a value consists of, as far as its parts can have several owners."""
  if isinstance(value, dict):
    for key, each in value.items():
      yield (*at, f"f:{key}"), each
  elif isinstance(value, list) and at:
    key = patching.item_key(at[-1].removeprefix("f:"), value)
    for each in value if key else ():
      told = json.dumps({key: each.get(key)}, separators=(",", ":"))
      yield (*at, f"k:{told}"), each


def _disputed(was: Mapping[Path, Any], told: Mapping[Path, Any]) -> set[Path]:
  return {path for path in told if path in was and was[path] != told[path]}


def _entries(item: Object) -> list[Object]:
  return list(item["metadata"].get("managedFields") or [])


def _is(entry: Object, manager: str, operation: str) -> bool:
  return (entry["manager"], entry["operation"]) == (manager, operation)


def _entry(
  item: Object, manager: str, operation: str, paths: Iterable[Path]
) -> Object:
  return {
    "manager": manager,
    "operation": operation,
    "apiVersion": item["apiVersion"],
    "time": now(),
    "fieldsType": "FieldsV1",
    "fieldsV1": _encoded(paths),
  }


def _without(entries: list[Object], paths: set[Path]) -> list[Object]:
  """Entries without what they no longer own; those with nothing are gone."""
  left = [
    (each, told, told - paths)
    for each in entries
    for told in [_paths(each["fieldsV1"])]
  ]
  return [
    each if kept == told else {**each, "fieldsV1": _encoded(kept)}
    for each, told, kept in left
    if kept
  ]


def _with(item: Object, entries: list[Object]) -> Object:
  return {**item, "metadata": {**item["metadata"], "managedFields": entries}}


def _encoded(paths: Iterable[Path]) -> Object:
  made: Object = {}
  for path in sorted(paths):
    inner = made
    for part in path:
      inner = inner.setdefault(part, {})
  return made


def _paths(told: Object, at: Path = ()) -> set[Path]:
  """The fields that an entry names."""
  if not told:
    return {at} if at else set()
  return set(
    itertools.chain.from_iterable(
      _paths(inner, (*at, part)) for part, inner in told.items()
    )
  )


def _dropped(before: set[Path], kept: set[Path]) -> list[Path]:
  """The fields that nobody has set any more, what items are told by last."""
  ways = {path[:end] for path in kept for end in range(len(path) + 1)}
  return sorted(before - ways, key=_names_item)


def _names_item(path: Path) -> bool:
  """Whether a field is the one that a list's item is told by."""
  *_, item, last = ("", *path)
  return item.startswith("k:") and last.removeprefix("f:") in json.loads(
    item.removeprefix("k:")
  )


def _remove(item: Object, path: Path) -> None:
  """Takes a field away; a list's item goes with the field it is told by."""
  way = path[:-2] if _names_item(path) else path[:-1]
  holder: Any = item
  for part in way:
    holder = _step(holder, part)
  if isinstance(holder, dict):
    holder.pop(path[-1].removeprefix("f:"), None)
  elif isinstance(holder, list):
    found = _step(holder, path[-2])
    holder[:] = [each for each in holder if each is not found]


def _step(holder: Any, part: str) -> Any:
  if isinstance(holder, dict):
    return holder.get(part.removeprefix("f:"))
  if isinstance(holder, list):
    wanted = json.loads(part.removeprefix("k:")).items()
    return next((e for e in holder if wanted <= e.items()), None)
  return None


def _conflict(conflicts: list[tuple[Object, Path]]) -> Refused:
  causes = [
    {
      "reason": "FieldManagerConflict",
      "message": f'conflict with "{entry["manager"]}" using'
      f" {entry['apiVersion']}",
      "field": _words(path),
    }
    for entry, path in conflicts
  ]
  count = f"{len(causes)} conflict{'s' if len(causes) > 1 else ''}"
  told = "; ".join(f"{each['message']}: {each['field']}" for each in causes)
  details = {"causes": causes}
  return failure(409, "Conflict", f"Apply failed with {count}: {told}", details)


def _words(path: Path) -> str:
  """A path as messages have it: ``.spec.containers[name="main"].image``."""
  words = ""
  for part in path:
    if part.startswith("f:"):
      words += f".{part.removeprefix('f:')}"
    else:
      pairs = json.loads(part.removeprefix("k:")).items()
      words += ",".join(f"[{key}={json.dumps(each)}]" for key, each in pairs)
  return words
