"""A job as a LeaderWorkerSet, whose head has to end it; pure.

Its pods start again for ever, it has no end of its own, and neither a deadline
nor a time to live. So the head parks when it is done, which its readiness
tells, until the set is deleted.
"""

from __future__ import annotations

from typing import Any

from keras_remote_core.model import JobHandle, Submission
from keras_remote_gke import manifest, placement
from keras_remote_pathways import parking, pods
from keras_remote_pathways.settings import PathwaysSettings

GROUP, PLURAL = "leaderworkerset.x-k8s.io/v1", "leaderworkersets"
_PREFIX = "leaderworkerset.sigs.k8s.io"
_POOL = "cloud.google.com/gke-nodepool"
# The controller sets it before all other variables of every container.
_ADDRESS = "$(LWS_LEADER_ADDRESS)"


def leader_worker_set(
  submission: Submission,
  settings: PathwaysSettings,
  handle: JobHandle,
  *,
  excluded: bool = True,
) -> dict[str, Any]:
  """The set, which carries its own handle.

  Args:
    excluded: whether the head is left out of the placement of the slices and
      so can be on a machine without TPUs, which takes LeaderWorkerSet 0.6.
  """
  accelerator = submission.plan.resources.accelerator
  metadata = manifest.described(submission, settings, handle)
  exclusive = _exclusive(settings.slices, excluded)
  metadata["annotations"] = {**metadata["annotations"], **exclusive}
  grouped = excluded or settings.slices > 1
  groups = {"subGroupPolicy": _groups(accelerator.hosts, excluded)}
  return {
    "apiVersion": GROUP,
    "kind": "LeaderWorkerSet",
    "metadata": metadata,
    "spec": {
      "replicas": 1,
      "startupPolicy": "LeaderCreated",
      "leaderWorkerTemplate": {
        "size": settings.slices * accelerator.hosts + 1,
        # Nothing is built anew, and so run anew, behind the runner's back.
        "restartPolicy": "None",
        **(groups if grouped else {}),
        "leaderTemplate": _head(submission, settings, excluded),
        "workerTemplate": _worker(submission, settings),
      },
    },
  }


def _exclusive(slices: int, excluded: bool) -> dict[str, str]:
  """One slice, one pool: a pool of several machines is one slice."""
  by_group = excluded or slices > 1
  kind = "subgroup-exclusive-topology" if by_group else "exclusive-topology"
  return {f"{_PREFIX}/{kind}": _POOL}


def _groups(hosts: int, excluded: bool) -> dict[str, Any]:
  kind = {"subGroupPolicyType": "LeaderExcluded"} if excluded else {}
  return {**kind, "subGroupSize": hosts}


def _head(
  submission: Submission, settings: PathwaysSettings, excluded: bool
) -> dict[str, Any]:
  template = pods.head(submission, settings, _ADDRESS)
  parking.park(template["spec"], submission, settings)
  if not excluded:
    # It has to be on a machine of the pool, where it takes no chip.
    template["spec"].pop("nodeSelector", None)
    template["spec"].update(placement.of(submission.plan.resources, settings))
  return _always(template)


def _worker(
  submission: Submission, settings: PathwaysSettings
) -> dict[str, Any]:
  return _always(pods.worker(submission, settings, _ADDRESS))


def _always(template: dict[str, Any]) -> dict[str, Any]:
  """The only policy that its pods can have."""
  template["spec"]["restartPolicy"] = "Always"
  return template


def rehearsal() -> dict[str, Any]:
  """A set that only says whether a cluster knows ``LeaderExcluded``."""
  container = {"name": "main", "image": "none"}
  template = {"spec": {"containers": [container]}}
  return {
    "apiVersion": GROUP,
    "kind": "LeaderWorkerSet",
    "metadata": {"name": "keras-remote-rehearsal"},
    "spec": {
      "leaderWorkerTemplate": {
        "size": 2,
        "subGroupPolicy": _groups(1, excluded=True),
        "workerTemplate": template,
      }
    },
  }
