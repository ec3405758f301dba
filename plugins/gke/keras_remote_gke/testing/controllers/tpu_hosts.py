"""What GKE's webhook tells the pods of a Job on a slice of several TPU hosts."""

from __future__ import annotations

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  controlled_by,
  name,
  namespace,
  uid,
)
from keras_remote_gke.testing.control.pod_defaults import containers
from keras_remote_gke.testing.control.resources import JOBS, PODS, Resource
from keras_remote_gke.testing.control.state import State
from keras_remote_gke.testing.controllers.job_indexes import INDEX

_TPU = "google.com/tpu"
_GIVEN = ("TPU_WORKER_HOSTNAMES", "TPU_WORKER_ID")


@frozen
class TpuHosts:
  """Gives pods with TPUs, an index and a subdomain the names of all of them."""

  state: State

  def admit(self, resource: Resource, pod: Object) -> None:
    """Completes a new pod, in place."""
    index = (pod["metadata"].get("annotations") or {}).get(INDEX)
    subdomain = pod.get("spec", {}).get("subdomain")
    if resource != PODS or index is None or not subdomain:
      return
    job = self._job(pod)
    if job is None:
      return
    told = {
      "TPU_WORKER_HOSTNAMES": ",".join(
        f"{name(job)}-{each}.{subdomain}"
        for each in range(job["spec"]["completions"])
      ),
      "TPU_WORKER_ID": index,
    }
    for each in containers(pod["spec"]):
      _tell(each, told)

  def _job(self, pod: Object) -> Object | None:
    found = self.state.all(JOBS, namespace(pod))
    owner = controlled_by(pod)
    return next((each for each in found if uid(each) == owner), None)


def _tell(container: Object, told: dict[str, str]) -> None:
  limits = (container.get("resources") or {}).get("limits") or {}
  own = container.get("env") or []
  if _TPU in limits and not any(each["name"] in _GIVEN for each in own):
    container["env"] = own + [{"name": k, "value": v} for k, v in told.items()]
