"""The Jobs and the Service that a JobSet is made of; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from keras_remote_gke.testing.control.objects import (
  Object,
  controlling,
  copied,
  labels,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.controllers import job_endings
from keras_remote_gke.testing.controllers.affinity import exclusive

PREFIX = "jobset.sigs.k8s.io/"
NAME = f"{PREFIX}jobset-name"
OF = f"{PREFIX}replicatedjob-name"
ATTEMPT = f"{PREFIX}restart-attempt"
KEY = f"{PREFIX}job-key"
COORDINATOR = f"{PREFIX}coordinator"
_EXCLUSIVE = f"alpha.{PREFIX}exclusive-topology"


def restarts(item: Object) -> int:
  return int((item.get("status") or {}).get("restarts", 0))


def suspended(item: Object) -> bool:
  return bool(item["spec"].get("suspend"))


def service(item: Object) -> Object:
  """The Service by which the pods of all Jobs find each other."""
  network = item["spec"]["network"]
  return {
    "metadata": {
      "name": _subdomain(item),
      "namespace": namespace(item),
      "ownerReferences": [controlling(item)],
    },
    "spec": {
      "clusterIP": "None",
      "publishNotReadyAddresses": network["publishNotReadyAddresses"],
      "selector": {NAME: name(item)},
    },
  }


def jobs(item: Object, replicated: Object) -> Iterator[Object]:
  """The Jobs that one of a JobSet's templates stands for."""
  for index in range(replicated["replicas"]):
    yield _job(item, replicated, index)


def ended(jobs: list[Object], kind: str) -> list[Object]:
  """Those of some Jobs that are Complete or Failed."""
  found = [(each, job_endings.over(each)) for each in jobs]
  return [each for each, over in found if over and over["type"] == kind]


def _subdomain(item: Object) -> str:
  return str(item["spec"]["network"].get("subdomain") or name(item))


def _job(item: Object, replicated: Object, index: int) -> Object:
  made: Object = copied(replicated["template"])
  title = f"{name(item)}-{replicated['name']}-{index}"
  told = _labels(item, replicated, index, title)
  about = made.setdefault("metadata", {})
  about.update(
    name=title, namespace=namespace(item), ownerReferences=[controlling(item)]
  )
  pod = made["spec"]["template"]
  for each in (about, pod.setdefault("metadata", {})):
    for kind in ("labels", "annotations"):
      each[kind] = {**(each.get(kind) or {}), **told}
  made["spec"]["suspend"] = suspended(item)
  if item["spec"]["network"]["enableDNSHostnames"]:
    pod["spec"]["subdomain"] = _subdomain(item)
  known = item["metadata"].get("annotations") or {}
  if topology := about["annotations"].get(_EXCLUSIVE) or known.get(_EXCLUSIVE):
    exclusive(pod["spec"], KEY, told[KEY], topology)
  return {"metadata": about, "spec": made["spec"]}


def _labels(
  item: Object, replicated: Object, index: int, title: str
) -> dict[str, str]:
  every = item["spec"]["replicatedJobs"]
  before = 0
  for each in every:
    if each["name"] == replicated["name"]:
      break
    before += each["replicas"]
  key = hashlib.sha1(f"{namespace(item)}/{title}".encode()).hexdigest()
  told = {
    "jobset-name": name(item),
    "jobset-uid": uid(item),
    "replicatedjob-name": replicated["name"],
    "replicatedjob-replicas": str(replicated["replicas"]),
    "global-replicas": str(sum(each["replicas"] for each in every)),
    "group-name": replicated["groupName"],
    "restart-attempt": str(restarts(item)),
    "job-index": str(index),
    "job-global-index": str(before + index),
    "job-key": key,
  }
  if head := item["spec"].get("coordinator"):
    pod = f"{head.get('jobIndex', 0)}-{head.get('podIndex', 0)}"
    address = f"{name(item)}-{head['replicatedJob']}-{pod}.{_subdomain(item)}"
    told["coordinator"] = address
  return {f"{PREFIX}{key}": value for key, value in told.items()}


def of_template(jobs: list[Object], replicated: Object) -> list[Object]:
  return [each for each in jobs if labels(each).get(OF) == replicated["name"]]
