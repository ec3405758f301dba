"""What JobSet's own webhook fills in and refuses; pure."""

from __future__ import annotations

from collections.abc import Iterator

from keras_remote_gke.testing.control import custom
from keras_remote_gke.testing.control.objects import Object, name
from keras_remote_gke.testing.control.resources import JOB_SETS, Resource
from keras_remote_gke.testing.control.statuses import denied

_WEBHOOK = "vjobset.kb.io"
_LONGEST = 63
_SUFFIX = len("-xxxxx")


def admit(resource: Resource, item: Object) -> None:
  """Completes a new JobSet, in place, or refuses it."""
  if resource != JOB_SETS or custom.causes(resource, item):
    return
  _complete(item["spec"])
  if problems := list(_problems(item)):
    raise denied(_WEBHOOK, "\n".join(problems))


def _complete(spec: Object) -> None:
  spec.setdefault("successPolicy", {"operator": "All"})
  spec.setdefault("startupPolicy", {"startupPolicyOrder": "AnyOrder"})
  network = spec.setdefault("network", {})
  network.setdefault("enableDNSHostnames", True)
  network.setdefault("publishNotReadyAddresses", True)
  for each in spec.get("replicatedJobs") or []:
    job = each.get("template", {}).get("spec", {})
    job.setdefault("completionMode", "Indexed")
    pod = job.get("template", {}).get("spec", {})
    pod.setdefault("restartPolicy", "OnFailure")


def _problems(item: Object) -> Iterator[str]:
  jobs = {each["name"]: each for each in item["spec"].get("replicatedJobs", [])}
  for kind in ("successPolicy", "failurePolicy"):
    for each in (item["spec"].get(kind) or {}).get("targetReplicatedJobs", []):
      if each not in jobs:
        yield f"invalid replicatedJob name '{each}' does not appear in .spec.ReplicatedJobs"
  head = (item["spec"].get("coordinator") or {}).get("replicatedJob")
  if head and head not in jobs:
    yield f"coordinator replicatedJob {head} does not exist"
  for each in jobs.values():
    yield from _too_long(name(item), each)


def _too_long(title: str, job: Object) -> Iterator[str]:
  longest = f"{title}-{job['name']}-{max(job['replicas'] - 1, 0)}"
  told = "names generated for this JobSet will exceed 63 characters"
  if len(longest) > _LONGEST:
    yield f"JobSet name is too long, job {told}"
  last = job["template"].get("spec", {}).get("completions", 1) - 1
  if len(f"{longest}-{last}") + _SUFFIX > _LONGEST:
    yield f"JobSet name is too long, pod {told}"
