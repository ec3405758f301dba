"""What LeaderWorkerSet's own webhook fills in and refuses; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_remote_gke.testing.control import custom
from keras_remote_gke.testing.control.objects import Object, name
from keras_remote_gke.testing.control.resources import (
  LEADER_WORKER_SETS,
  Resource,
)
from keras_remote_gke.testing.control.statuses import denied
from keras_remote_gke.testing.crds import releases

PREFIX = "leaderworkerset.sigs.k8s.io/"
SUBGROUP_EXCLUSIVE = f"{PREFIX}subgroup-exclusive-topology"
_WEBHOOK = "vleaderworkerset.kb.io"
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_ROLLING = {"maxUnavailable": 1, "maxSurge": 0}
_PARTITIONED = (0, 7)


def admit(resource: Resource, item: Object) -> None:
  """Completes a new LeaderWorkerSet, in place, or refuses it."""
  if resource.qualified != LEADER_WORKER_SETS.qualified:
    return
  if custom.causes(resource, item):
    return
  _complete(item["spec"], resource.release)
  if problems := list(_problems(item)):
    told = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    raise denied(_WEBHOOK, told)


def _complete(spec: Object, release: str) -> None:
  template = spec["leaderWorkerTemplate"]
  if template.get("restartPolicy") == "Default":
    template["restartPolicy"] = "None"
  rolling: Object = dict(_ROLLING)
  if not release or releases.version(release) >= _PARTITIONED:
    rolling["partition"] = 0
  spec.setdefault(
    "rolloutStrategy",
    {"type": "RollingUpdate", "rollingUpdateConfiguration": rolling},
  )
  spec.setdefault("networkConfig", {"subdomainPolicy": "Shared"})


def _problems(item: Object) -> Iterator[str]:
  if not _DNS_1035.fullmatch(name(item)):
    yield (
      f'metadata.name: Invalid value: "{name(item)}": a DNS-1035 label must'
      " consist of lower case alphanumeric characters or '-', start with an"
      " alphabetic character, and end with an alphanumeric character"
    )
  template = item["spec"]["leaderWorkerTemplate"]
  at, size = "spec.leaderWorkerTemplate", template.get("size", 1)
  if size < 1:
    told = "size must be equal or greater than 1"
    yield f"{at}.size: Invalid value: {size}: {told}"
  policy = template.get("subGroupPolicy")
  if policy:
    yield from _of_subgroups(f"{at}.SubGroupPolicy", policy, size)
  elif SUBGROUP_EXCLUSIVE in (item["metadata"].get("annotations") or {}):
    told = "cannot have subgroup-exclusive-topology without subGroupSize set"
    yield f"metadata.annotations.{SUBGROUP_EXCLUSIVE}: Invalid value: {told}"


def _of_subgroups(at: str, policy: Object, size: int) -> Iterator[str]:
  part = policy.get("subGroupSize", 0)
  field = f"{at}.subGroupSize: Invalid value: {part}"
  if part < 1:
    yield f"{field}: subGroupSize must be equal or greater than 1"
  elif size < part:
    yield f"{field}: subGroupSize cannot be larger than size"
  elif policy.get("subGroupPolicyType") == "LeaderExcluded":
    if (size - 1) % part:
      yield f"{field}: size-1 must be divisible by subGroupSize"
  elif size % part and (size - 1) % part:
    yield f"{field}: size or size - 1 must be divisible by subGroupSize"
