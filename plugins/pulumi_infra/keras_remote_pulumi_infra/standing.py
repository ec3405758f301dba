"""How a cluster and all that belongs to it stand; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from keras_remote_core import concurrency
from keras_remote_core.errors import KerasRemoteError
from keras_remote_gcp import buckets, gcs_client
from keras_remote_gke.cluster import Connection
from keras_remote_pulumi_infra import busy, in_cluster, pool_rows, wanting
from keras_remote_pulumi_infra.config import InfraConfig
from keras_remote_pulumi_infra.here import Here
from keras_remote_pulumi_infra.stack import Stack, state_url

Record = dict[str, Any]
T = TypeVar("T")


def standing(here: Here) -> Record:
  """What there is, part by part; a part that does not tell says why."""
  with concurrency.pool(3) as pool:
    asked_stack = pool.submit(_told, here.stack)
    asked_connection = pool.submit(_told, here.connection)
    asked_bucket = pool.submit(_told, lambda: _bucket(here))
  stack, connection = asked_stack.result(), asked_connection.result()
  config = _told(lambda: wanting.kept(_value(stack)))
  there: Connection | None = _value(connection)
  return {
    "project": here.project,
    "zone": here.place.zone,
    "cluster": here.place.cluster,
    "stack": _stack(here, stack),
    "control_plane": _control_plane(connection),
    "pools": _pools(there, _value(config)),
    "inside": _told(lambda: _inside(there, _value(config))),
    "jobs": _told(lambda: _jobs(there)),
    "bucket": asked_bucket.result(),
  }


def nothing(found: Mapping[str, Any]) -> bool:
  """Whether there is neither a stack nor a cluster."""
  return not (found["stack"].get("exists") or found["control_plane"])


def _told(ask: Callable[[], T]) -> T | Record:
  """An answer, or an error as a record."""
  try:
    return ask()
  except KerasRemoteError as error:
    return {"error": error.message, "remedy": error.remedy}


def _value(answer: Any) -> Any:
  return None if isinstance(answer, dict) and "error" in answer else answer


def _stack(here: Here, answer: Stack | Record | None) -> Record:
  told: Record = {"state": state_url(here.project, here.settings)}
  if isinstance(answer, dict):
    return {**told, **answer}
  if answer is None:
    return {**told, "exists": False}
  return {**told, "exists": True, "locked_by": _told(answer.locked)}


def _control_plane(answer: Connection | Record | None) -> Record | None:
  if answer is None or isinstance(answer, dict):
    return answer
  about = answer.description or {}
  return {
    "location": about.get("location"),
    "status": str(about.get("status", "")).lower(),
    "version": about.get("currentMasterVersion"),
  }


def _pools(
  connection: Connection | None, config: InfraConfig | None
) -> list[Record]:
  if connection is None or connection.description is None:
    return []
  return pool_rows.rows(connection.description, config)


def _inside(
  connection: Connection | None, config: InfraConfig | None
) -> list[Record]:
  """What is inside the cluster, beside what should be."""
  if connection is None or config is None:
    return []
  planned = in_cluster.plan(in_cluster.wanted(config), connection.api)
  return [
    {
      "name": each.name,
      "kind": each.kind,
      "standing": _STANDINGS[each.operation],
      "detail": each.detail,
    }
    for each in planned
  ]


_STANDINGS = {
  "create": "missing",
  "update": "different",
  "delete": "not wanted",
  "same": "ok",
}


def _jobs(connection: Connection | None) -> list[Record]:
  found = busy.jobs(connection.api) if connection else []
  return [
    {"job": each.job_id, "namespace": each.namespace, "pool": each.pool}
    for each in found
  ]


def _bucket(here: Here) -> Record:
  from google.api_core.exceptions import GoogleAPIError

  name = buckets.name(here.project, str(here.place.cluster))
  client = gcs_client.client(here.context)
  try:
    there = client.lookup_bucket(name) is not None
  except GoogleAPIError as error:
    return {"url": f"gs://{name}", "error": str(error).partition("\n")[0]}
  return {"url": f"gs://{name}", "exists": there}
