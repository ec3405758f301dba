"""What a LeaderWorkerSet is made of: a Service and StatefulSets; pure."""

from __future__ import annotations

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  controlling,
  copied,
  labels,
  name,
  namespace,
  now,
)
from keras_remote_gke.testing.control.pod_defaults import containers
from keras_remote_gke.testing.controllers import leader_worker_pods as webhook
from keras_remote_gke.testing.controllers.leader_worker_rules import (
  SUBGROUP_EXCLUSIVE,
)

_TPU = "google.com/tpu"


def service(item: Object) -> Object:
  """The Service by which the pods of all groups find each other."""
  return {
    "metadata": _owned(item, item, name(item)),
    "spec": {
      "clusterIP": "None",
      "publishNotReadyAddresses": True,
      "selector": {webhook.NAME: name(item)},
    },
  }


def leaders(item: Object) -> Object:
  """The set of which each pod leads a group."""
  template = item["spec"]["leaderWorkerTemplate"]
  made = copied(template.get("leaderTemplate") or template["workerTemplate"])
  own = {webhook.NAME: name(item), webhook.WORKER_INDEX: "0"}
  return _set(
    _owned(item, item, name(item)), item, made, own, item["spec"]["replicas"]
  )


def workers(item: Object, leader: Object, topology: str | None) -> Object:
  """The set of a group's workers, which goes with the group's leader.

  Args:
    topology: the value of the exclusive topology's label on the leader's node.
  """
  template = item["spec"]["leaderWorkerTemplate"]
  made = copied(template["workerTemplate"])
  own = {
    webhook.NAME: name(item),
    webhook.GROUP_INDEX: labels(leader)[webhook.GROUP_INDEX],
    webhook.GROUP_KEY: labels(leader)[webhook.GROUP_KEY],
  }
  about = made.setdefault("metadata", {}).setdefault("annotations", {})
  about[webhook.LEADER] = name(leader)
  if topology is not None:
    key = exclusive_topology(item)
    made["spec"].setdefault("nodeSelector", {})[key] = topology
  head = _owned(item, leader, name(leader))
  return _set(head, item, made, own, template["size"] - 1, start=1)


def exclusive_topology(item: Object) -> str:
  """The label whose value all pods of a group share; empty: none."""
  told = item["metadata"].get("annotations") or {}
  return str(told.get(webhook.EXCLUSIVE, ""))


def status(item: Object, count: int, ready: int) -> Object:
  """The status of a set with so many groups, of which so many are ready."""
  wanted = item["spec"]["replicas"]
  old = item.get("status") or {}
  available = ready == wanted
  known = condition(item, "Available") is not None
  if available is known and old.get("replicas") == count:
    return {**old, "readyReplicas": ready}
  selector = f"{webhook.WORKER_INDEX}=0,{webhook.NAME}={name(item)}"
  return {
    "conditions": _conditions(item, available),
    "hpaPodSelector": selector,
    "observedGeneration": item["metadata"]["generation"],
    "readyReplicas": ready,
    "replicas": count,
    "updatedReplicas": count,
  }


def _conditions(item: Object, available: bool) -> list[Object]:
  told = [
    (
      "Progressing",
      not available,
      "GroupsProgressing",
      "Replicas are progressing",
    ),
    ("Available", available, "AllGroupsReady", "All replicas are ready"),
  ]
  return [
    {
      "type": kind,
      "status": str(holds),
      "lastTransitionTime": now(),
      "reason": reason,
      "message": message,
    }
    for kind, holds, reason, message in told
    if holds or condition(item, kind, None)
  ]


def _owned(item: Object, owner: Object, title: str) -> Object:
  return {
    "name": title,
    "namespace": namespace(item),
    "labels": {webhook.NAME: name(item)},
    "ownerReferences": [controlling(owner)],
  }


def _set(
  about: Object,
  item: Object,
  template: Object,
  own: dict[str, str],
  replicas: int,
  start: int = 0,
) -> Object:
  """A StatefulSet whose pods know of their group."""
  told = template.setdefault("metadata", {})
  told.setdefault("labels", {}).update(own)
  told.setdefault("annotations", {}).update(_annotations(item, template))
  return {
    "metadata": about,
    "spec": {
      "replicas": replicas,
      "podManagementPolicy": "Parallel",
      "ordinals": {"start": start},
      "serviceName": name(item),
      "selector": {"matchLabels": own},
      "template": template,
    },
  }


def _annotations(item: Object, template: Object) -> dict[str, str]:
  """What the pods' webhook wants to know of the whole."""
  whole = item["spec"]["leaderWorkerTemplate"]
  told = {webhook.SIZE: str(whole["size"])}
  leader = whole.get("leaderTemplate") or whole["workerTemplate"]
  if _asks_tpus(leader["spec"]):
    told[webhook.LEADER_ASKS] = "true"
  if policy := whole.get("subGroupPolicy"):
    told[webhook.SUBGROUP_SIZE] = str(policy["subGroupSize"])
    told[webhook.SUBGROUP_TYPE] = policy.get(
      "subGroupPolicyType", "LeaderWorker"
    )
  known = item["metadata"].get("annotations") or {}
  for key in (webhook.EXCLUSIVE, SUBGROUP_EXCLUSIVE):
    if key in known:
      told[key] = known[key]
  return told


def _asks_tpus(spec: Object) -> bool:
  return any(
    _TPU in ((each.get("resources") or {}).get("limits") or {})
    for each in containers(spec)
  )
