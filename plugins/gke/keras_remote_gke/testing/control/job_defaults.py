"""What the API server fills in of a Job; pure."""

from __future__ import annotations

from keras_remote_gke.testing.control.objects import Object, name, uid
from keras_remote_gke.testing.control.pod_defaults import pod_spec

CONTROLLER_UID = "batch.kubernetes.io/controller-uid"
JOB_NAME = "batch.kubernetes.io/job-name"
_ALWAYS = 2**31 - 1


def job(item: Object) -> None:
  """Fills in a new Job, in place; its uid is known by now."""
  spec = item.setdefault("spec", {})
  template = spec.setdefault("template", {})
  template.setdefault("metadata", {})
  pod_spec(template.setdefault("spec", {}))
  _numbers(spec)
  for rule in (spec.get("podFailurePolicy") or {}).get("rules") or []:
    for pattern in rule.get("onPodConditions") or []:
      pattern.setdefault("status", "True")
  if not spec["manualSelector"]:
    _generated_selector(item)
  # Defaults are applied to what is read back, by which time the template has
  # its generated labels.
  if not item["metadata"].get("labels"):
    item["metadata"]["labels"] = dict(template["metadata"].get("labels") or {})
  item["status"] = {}


def _numbers(spec: Object) -> None:
  if "completions" not in spec and "parallelism" not in spec:
    spec["completions"] = 1
  spec.setdefault("parallelism", 1)
  per_index = "backoffLimitPerIndex" in spec
  spec.setdefault("backoffLimit", _ALWAYS if per_index else 6)
  spec.setdefault("completionMode", "NonIndexed")
  spec.setdefault("suspend", False)
  spec.setdefault("manualSelector", False)
  only_failed = "podFailurePolicy" in spec
  spec.setdefault(
    "podReplacementPolicy", "Failed" if only_failed else "TerminatingOrFailed"
  )


def _generated_selector(item: Object) -> None:
  spec, own = item["spec"], uid(item)
  labels = spec["template"]["metadata"].setdefault("labels", {})
  for key in ("job-name", JOB_NAME):
    labels.setdefault(key, name(item))
  for key in ("controller-uid", CONTROLLER_UID):
    labels.setdefault(key, own)
  selector = spec.setdefault("selector", {})
  selector.setdefault("matchLabels", {}).setdefault(CONTROLLER_UID, own)
