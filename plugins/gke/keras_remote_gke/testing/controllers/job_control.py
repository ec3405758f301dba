"""What the Job controller does to Jobs and their pods."""

from __future__ import annotations

import contextlib

from attrs import frozen

from keras_remote_gke.testing.control.deleting import identity
from keras_remote_gke.testing.control.objects import (
  Object,
  finalizers,
  name,
  namespace,
)
from keras_remote_gke.testing.control.registry import Registry
from keras_remote_gke.testing.control.resources import JOBS, PODS
from keras_remote_gke.testing.control.statuses import Refused
from keras_remote_gke.testing.controllers import job_pods
from keras_remote_gke.testing.controllers.events import Recorder, Source

_SOURCE = Source("job-controller")


@frozen
class JobControl:
  """The controller's own client; what is gone already is no error."""

  registry: Registry
  recorder: Recorder

  def create(self, job: Object, index: int | None) -> bool:
    """Creates a pod; False where it is refused."""
    try:
      made = self.registry.create(PODS, job_pods.pod(job, index))
    except Refused as refused:
      self.say(job, "Warning", "FailedCreate", f"Error creating: {refused}")
      return False
    told = f"Created pod: {name(made)}"
    self.say(job, "Normal", "SuccessfulCreate", told)
    return True

  def delete(self, job: Object, pod: Object) -> None:
    with contextlib.suppress(Refused):
      options = identity(pod)
      self.registry.delete(PODS, namespace(pod), name(pod), options)
      told = f"Deleted pod: {name(pod)}"
      self.say(job, "Normal", "SuccessfulDelete", told)

  def release(self, pod: Object) -> None:
    """Lets a pod go that has been accounted for."""

    def untracked(item: Object) -> Object:
      left = [e for e in finalizers(item) if e != job_pods.TRACKING]
      item["metadata"]["finalizers"] = left
      if not left:
        del item["metadata"]["finalizers"]
      return item

    with contextlib.suppress(Refused):
      self.registry.update(PODS, namespace(pod), name(pod), untracked)

  def write(self, job: Object, status: Object) -> None:
    self.registry.update(
      JOBS,
      namespace(job),
      name(job),
      lambda item: {**item, "status": status},
      part="status",
    )

  def say(self, job: Object, kind: str, reason: str, message: str) -> None:
    self.recorder.say(job, _SOURCE, kind, reason, message)
