"""The pods of a Job: how they look, and how they stand; pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  controlling,
  copied,
  deleting,
  finalizers,
  finished,
  moment,
  name,
  namespace,
  phase,
)
from keras_remote_gke.testing.controllers.job_indexes import INDEX, index
from keras_remote_gke.testing.controllers.job_policy import verdict

TRACKING = "batch.kubernetes.io/job-tracking"
_GENERATED = 57


def indexed(job: Object) -> bool:
  return bool(job["spec"]["completionMode"] == "Indexed")


def only_failed_replaced(job: Object) -> bool:
  return bool(job["spec"]["podReplacementPolicy"] == "Failed")


def pod(job: Object, at: int | None) -> Object:
  """A new pod of a Job, for one of its indexes."""
  template: Object = copied(job["spec"]["template"])
  about = template["metadata"]
  about.update(
    namespace=namespace(job),
    generateName=f"{name(job)}-",
    ownerReferences=[controlling(job)],
    finalizers=[*about.get("finalizers", []), TRACKING],
  )
  if at is not None:
    _give_index(name(job), template, at)
  return {"metadata": about, "spec": template["spec"]}


def _give_index(job: str, template: Object, at: int) -> None:
  about, spec = template["metadata"], template["spec"]
  suffix = f"-{at}-"
  about["generateName"] = job[: _GENERATED - len(suffix)] + suffix
  about.setdefault("annotations", {})[INDEX] = str(at)
  about.setdefault("labels", {})[INDEX] = str(at)
  spec["hostname"] = f"{job}-{at}"
  path = f"metadata.labels['{INDEX}']"
  variable = {
    "name": "JOB_COMPLETION_INDEX",
    "valueFrom": {"fieldRef": {"fieldPath": path}},
  }
  for kind in ("initContainers", "containers"):
    for each in spec.get(kind) or []:
      each.setdefault("env", []).append(variable)


def tracked(item: Object) -> bool:
  """Whether the Job has not accounted for a pod yet."""
  return TRACKING in finalizers(item)


def failed(job: Object, item: Object) -> bool:
  if phase(item) == "Failed":
    return True
  if only_failed_replaced(job):
    return False
  return deleting(item) and phase(item) != "Succeeded"


def restarts(pods: Iterable[Object]) -> int:
  """How often the containers of pods that go on were restarted."""
  return sum(
    status["restartCount"]
    for each in pods
    if not finished(each)
    for kind in ("initContainerStatuses", "containerStatuses")
    for status in each["status"].get(kind) or []
  )


def ended(item: Object) -> datetime.datetime:
  """When the last container of a pod ended."""
  moments = [
    moment(status["state"]["terminated"]["finishedAt"])
    for status in item["status"].get("containerStatuses") or []
    # One that was taken away before it began has no times.
    if status["state"].get("terminated", {}).get("finishedAt")
  ]
  return max(moments, default=datetime.datetime.now(datetime.UTC))


@frozen(kw_only=True)
class View:
  """How a Job's pods stand, before anything is done about it.

  Args:
    succeeded: pods that succeeded and are not in the Job's status.
    failed: pods that failed and are not.
  """

  active: list[Object]
  terminating: int
  ready: int
  succeeded: list[Object]
  failed: list[Object]

  @classmethod
  def of(cls, job: Object, pods: list[Object]) -> View:
    goes_on = [each for each in pods if not finished(each)]
    active = [each for each in goes_on if not deleting(each)]
    new = [each for each in pods if tracked(each)]
    return cls(
      active=active,
      terminating=len(goes_on) - len(active),
      ready=sum(1 for each in active if condition(each, "Ready")),
      succeeded=[each for each in new if phase(each) == "Succeeded"],
      failed=[each for each in new if failed(job, each)],
    )

  def counted(self, job: Object) -> int:
    """How many of the new failures count towards the back-off limit."""
    return sum(1 for each in self.failed if verdict(job, each).counts)

  def indexes(self) -> set[int]:
    """The indexes that have an active pod."""
    return {index(each) for each in self.active}
