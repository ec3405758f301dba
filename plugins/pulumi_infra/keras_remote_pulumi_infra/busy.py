"""Which jobs a cluster runs, and where: by their pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from keras_remote_gke import names
from keras_remote_gke.api import Api

_POOL = "cloud.google.com/gke-nodepool"
_PAGE = 500


@frozen(kw_only=True)
class Busy:
  """A job that is not over.

  Args:
    pool: the node pool of one of its machines; None: it has none yet.
  """

  job_id: str
  namespace: str
  pool: str | None


def jobs(api: Api) -> list[Busy]:
  """All jobs of all namespaces that run or wait, each once per pool."""
  pools = {
    each["metadata"]["name"]: each["metadata"]["labels"].get(_POOL)
    for each in _all(api, "nodes", labelSelector=_POOL)
  }
  going = _all(
    api,
    "pods",
    labelSelector=names.JOB,
    fieldSelector="status.phase!=Succeeded,status.phase!=Failed",
  )
  found = [
    Busy(
      job_id=each["metadata"]["labels"][names.JOB],
      namespace=each["metadata"]["namespace"],
      pool=pools.get(each["spec"].get("nodeName")),
    )
    for each in going
  ]
  return list(dict.fromkeys(found))


def _all(api: Api, plural: str, **query: str) -> Iterator[Mapping[str, Any]]:
  asked: dict[str, Any] = {**query, "limit": _PAGE}
  while True:
    page = api.get(f"/api/v1/{plural}", **asked)
    yield from page["items"]
    asked["continue"] = page["metadata"].get("continue")
    if not asked["continue"]:
      return
