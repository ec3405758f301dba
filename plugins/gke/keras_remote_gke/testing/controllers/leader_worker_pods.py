"""What LeaderWorkerSet's webhook makes of the pods of its groups; pure."""

from __future__ import annotations

import hashlib

from keras_remote_gke.testing.control.objects import Object, labels, name
from keras_remote_gke.testing.control.pod_defaults import containers
from keras_remote_gke.testing.control.resources import PODS, Resource
from keras_remote_gke.testing.controllers.affinity import exclusive
from keras_remote_gke.testing.controllers.leader_worker_rules import (
  PREFIX,
  SUBGROUP_EXCLUSIVE,
)

NAME = f"{PREFIX}name"
GROUP_INDEX = f"{PREFIX}group-index"
GROUP_KEY = f"{PREFIX}group-key"
WORKER_INDEX = f"{PREFIX}worker-index"
SUBGROUP_INDEX = f"{PREFIX}subgroup-index"
SUBGROUP_KEY = f"{PREFIX}subgroup-key"
SIZE = f"{PREFIX}size"
LEADER = f"{PREFIX}leader-name"
LEADER_ASKS = f"{PREFIX}leader-requests-tpus"
SUBGROUP_SIZE = f"{PREFIX}subgroup-size"
SUBGROUP_TYPE = f"{PREFIX}subgroup-policy-type"
EXCLUSIVE = f"{PREFIX}exclusive-topology"
_TPU = "google.com/tpu"
_PORT = 8476
_GIVEN = ("TPU_WORKER_HOSTNAMES", "TPU_WORKER_ID")


def admit(resource: Resource, pod: Object) -> None:
  """Completes a new pod of a group, in place."""
  if resource != PODS or NAME not in labels(pod):
    return
  if labels(pod).get(WORKER_INDEX) == "0":
    _label_leader(pod)
  else:
    _label_worker(pod)
  for each in containers(pod["spec"]):
    _tell_tpus(pod, each)
    _tell_group(pod, each)


def group_key(*parts: str) -> str:
  return hashlib.sha1("/".join(parts).encode()).hexdigest()


def _ordinal(pod: Object) -> str:
  return name(pod).rpartition("-")[2]


def _label_leader(pod: Object) -> None:
  about = pod["metadata"]
  own = group_key(about["namespace"], name(pod))
  about["labels"].update({GROUP_INDEX: _ordinal(pod), GROUP_KEY: own})
  told = about.get("annotations") or {}
  if key := told.get(EXCLUSIVE):
    exclusive(pod["spec"], GROUP_KEY, own, key)
  if SUBGROUP_SIZE in told and told.get(SUBGROUP_TYPE) != "LeaderExcluded":
    _label_subgroup(pod, name(pod), 0)


def _label_worker(pod: Object) -> None:
  about = pod["metadata"]
  about["labels"][WORKER_INDEX] = _ordinal(pod)
  if SUBGROUP_SIZE in about["annotations"]:
    at = _subgroup(pod)
    _label_subgroup(pod, about["annotations"][LEADER], at)


def _label_subgroup(pod: Object, leader: str, at: int) -> None:
  about, own = pod["metadata"], group_key(leader, str(at))
  about["labels"].update({SUBGROUP_INDEX: str(at), SUBGROUP_KEY: own})
  if key := about["annotations"].get(SUBGROUP_EXCLUSIVE):
    exclusive(pod["spec"], SUBGROUP_KEY, own, key)


def _index(pod: Object) -> int:
  return int(labels(pod)[WORKER_INDEX])


def _leader_is_extra(pod: Object) -> bool:
  """Whether the leader comes on top of groups that are whole without it."""
  told = pod["metadata"]["annotations"]
  return (int(told[SIZE]) - 1) % int(told[SUBGROUP_SIZE]) == 0


def _subgroup(pod: Object) -> int:
  size = int(pod["metadata"]["annotations"][SUBGROUP_SIZE])
  return (_index(pod) - _leader_is_extra(pod)) // size


def _tell_group(pod: Object, container: Object) -> None:
  """Sets the variables of the group, before all others."""
  about, subdomain = pod["metadata"], pod["spec"]["subdomain"]
  leader = f"{about['labels'][NAME]}-{about['labels'][GROUP_INDEX]}"
  told = {
    "LWS_LEADER_ADDRESS": f"{leader}.{subdomain}.{about['namespace']}",
    "LWS_GROUP_SIZE": about["annotations"][SIZE],
    "LWS_WORKER_INDEX": str(_index(pod)),
  }
  own = container.get("env") or []
  container["env"] = _variables(told) + [
    each for each in own if each["name"] not in told
  ]


def _tell_tpus(pod: Object, container: Object) -> None:
  """Sets what libtpu and JAX need to know of the hosts of a slice."""
  limits = (container.get("resources") or {}).get("limits") or {}
  own = container.get("env") or []
  if _TPU not in limits or any(each["name"] in _GIVEN for each in own):
    return
  members = _members(pod)
  hosts = [_host(pod, each) for each in members]
  told = {
    "TPU_WORKER_HOSTNAMES": ",".join(hosts),
    "TPU_WORKER_ID": str(members.index(_index(pod))),
    "TPU_NAME": _leader(pod),
    "TPU_PROCESS_ADDRESSES": ",".join(f"{each}:{_PORT}" for each in hosts),
    "TPU_PROCESS_PORT": str(_PORT),
  }
  container["env"] = own + _variables(told)


def _members(pod: Object) -> list[int]:
  """The indexes of the pods whose TPUs form one slice with a pod's."""
  told = pod["metadata"]["annotations"]
  first = 0 if told.get(LEADER_ASKS) == "true" else 1
  if SUBGROUP_SIZE not in told:
    return list(range(first, int(told[SIZE])))
  size, at = int(told[SUBGROUP_SIZE]), int(labels(pod)[SUBGROUP_INDEX])
  start = at * size + _leader_is_extra(pod)
  whole = range(start, start + size)
  if at == 0 and first == 0:
    return sorted({0, *whole})
  return [each for each in whole if each >= first]


def _leader(pod: Object) -> str:
  told: str = pod["metadata"]["annotations"].get(LEADER, name(pod))
  return told


def _host(pod: Object, index: int) -> str:
  leader, subdomain = _leader(pod), pod["spec"]["subdomain"]
  return f"{leader}-{index}.{subdomain}" if index else f"{leader}.{subdomain}"


def _variables(told: dict[str, str]) -> list[Object]:
  return [{"name": key, "value": value} for key, value in told.items()]
