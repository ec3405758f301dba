"""What a failed job leaves in its cluster, kept in the store for good.

The store outlives pods and nodes. Only for people: nobody signed it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from keras_remote_core.errors import StoreError
from keras_remote_core.model import JobStatus, Phase
from keras_remote_core.roles import ArtifactStore
from keras_remote_gke import failures, looking, pods
from keras_remote_gke.api import Api
from keras_remote_gke.errors import ClusterError
from keras_remote_gke.paths import Paths
from keras_remote_gke.pods import Pod
from keras_remote_gke.seen import Seen
from keras_remote_runner import keys

_LINES, _PODS = 40, 8
_FIELDS = ("type", "reason", "message", "count", "lastTimestamp")


def keep(
  api: Api, paths: Paths, store: ArtifactStore, seen: Seen, status: JobStatus
) -> JobStatus:
  """Stores what there is to know of a failure, once.

  Returns:
    The status by who saw most of it: pods that are gone tell nothing more.
  """
  assert seen.job is not None
  job_id = seen.job["metadata"]["name"]
  kept = read(store, job_id)
  if kept and (kept["pods"] or not seen.pods):
    return _status(kept)
  document = {
    "reason": status.reason,
    "message": status.message,
    "remedy": status.remedy,
    "conditions": seen.job.get("status", {}).get("conditions", []),
    "events": _events(api, paths, job_id),
    "pods": [_pod(api, paths, each) for each in _telling(seen)],
  }
  data = json.dumps(document, indent=1).encode()
  # A store that is full has worse to tell.
  with contextlib.suppress(StoreError):
    store.write(_key(job_id), data)
  return status


def _telling(seen: Seen) -> list[Pod]:
  """The newest pods; of several hosts, those that others followed first."""
  newest_first = seen.pods[::-1]
  return sorted(newest_first, key=failures.followed)[:_PODS]


def recall(store: ArtifactStore, job_id: str) -> JobStatus | None:
  """The status that was kept of a failed job."""
  kept = read(store, job_id)
  return _status(kept) if kept else None


def read(store: ArtifactStore, job_id: str) -> Mapping[str, Any] | None:
  """What was kept, where it is whole; anybody may have written it."""
  with contextlib.suppress(FileNotFoundError, ValueError):
    kept = json.loads(store.read(_key(job_id)))
    if isinstance(kept, dict) and kept.keys() >= {
      "reason",
      "message",
      "remedy",
      "pods",
    }:
      return kept
  return None


def _status(kept: Mapping[str, Any]) -> JobStatus:
  return JobStatus(
    phase=Phase.FAILED,
    reason=str(kept["reason"]),
    message=str(kept["message"]),
    remedy=None if kept["remedy"] is None else str(kept["remedy"]),
  )


def _key(job_id: str) -> str:
  return f"{keys.job(job_id)}/evidence.json"


def _pod(api: Api, paths: Paths, pod: Pod) -> Mapping[str, Any]:
  name = pods.name(pod)
  return {
    "name": name,
    "labels": pod["metadata"].get("labels", {}),
    "node": pod["spec"].get("nodeName"),
    "status": pod.get("status", {}),
    "events": _events(api, paths, name),
    "lines": _last_lines(api, f"{paths.pods}/{name}", pods.MAIN),
    "beside": {
      each: _last_lines(api, f"{paths.pods}/{name}", each)
      for each in pods.beside(pod)
    },
  }


def _events(api: Api, paths: Paths, name: str) -> list[Mapping[str, Any]]:
  with contextlib.suppress(ClusterError):
    found = looking.events_of(api, paths, name)
    return [{key: each.get(key) for key in _FIELDS} for each in found]
  return []


def _last_lines(api: Api, path: str, container: str) -> list[str]:
  """Empty where the pod is gone with its node; the store has its chunks."""
  with contextlib.suppress(ClusterError):
    told = api.text(f"{path}/log", container=container, tailLines=_LINES)
    return told.decode(errors="replace").splitlines()
  return []
