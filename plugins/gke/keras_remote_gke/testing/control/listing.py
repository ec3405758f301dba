"""Lists of objects, whole or by pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from keras_remote_gke.testing.control.objects import Object, name, namespace
from keras_remote_gke.testing.control.resources import Resource
from keras_remote_gke.testing.control.selectors import Selection
from keras_remote_gke.testing.control.state import Compacted, State
from keras_remote_gke.testing.control.statuses import (
  bad_request,
  failure,
  stale_page,
)


def listed(
  state: State,
  resource: Resource,
  selected: Selection,
  query: Mapping[str, str],
) -> Object:
  """One page of what is selected, or all of it."""
  limit = int(query.get("limit") or 0)
  with state.lock:
    version, after = _start(state, resource, query)
    items = [
      each
      for each in state.all(resource, selected.space)
      if selected.takes(each) and _key(each) > after
    ]
  about: Object = {"resourceVersion": str(version)}
  if limit and len(items) > limit:
    about["continue"] = _token(version, items[limit - 1])
    if not selected.partial:
      about["remainingItemCount"] = len(items) - limit
    items = items[:limit]
  return {
    "kind": f"{resource.kind}List",
    "apiVersion": resource.api_version,
    "metadata": about,
    "items": [_item(resource, each) for each in items],
  }


def _item(resource: Resource, item: Object) -> Object:
  # Go's typed lists say once what their items are.
  if not resource.typed:
    return item
  return {k: v for k, v in item.items() if k not in ("kind", "apiVersion")}


def _start(
  state: State, resource: Resource, query: Mapping[str, str]
) -> tuple[int, list[str]]:
  """The version of a list, and the key it begins after."""
  if query.get("continue"):
    version, after = _parsed(query["continue"])
    try:
      state.since(resource, version)
    except Compacted:
      raise stale_page() from None
    return version, after
  asked = int(query.get("resourceVersion") or 0)
  if asked > state.version:
    raise _too_large(asked, state.version)
  return state.version, []


def _key(item: Object) -> list[str]:
  return [namespace(item), name(item)]


def _token(version: int, last: Object) -> str:
  return base64.urlsafe_b64encode(
    json.dumps(
      {"v": "meta.k8s.io/v1", "rv": version, "start": _key(last)}
    ).encode()
  ).decode()


def _parsed(token: str) -> tuple[int, list[str]]:
  try:
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token))
    return told["rv"], told["start"]
  except (ValueError, KeyError, TypeError) as error:
    raise bad_request("continue key is not valid: " + str(error)) from error


def _too_large(asked: int, current: int) -> Exception:
  message = f"Too large resource version: {asked}, current: {current}"
  cause = {
    "reason": "ResourceVersionTooLarge",
    "message": "Too large resource version",
  }
  details = {"causes": [cause], "retryAfterSeconds": 1}
  return failure(504, "Timeout", f"Timeout: {message}", details)
