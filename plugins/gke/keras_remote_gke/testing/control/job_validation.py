"""What the API server refuses in a Job; pure."""

from __future__ import annotations

from keras_remote_gke.testing.control import naming, pod_validation
from keras_remote_gke.testing.control.objects import Object, condition, name
from keras_remote_gke.testing.control.statuses import (
  Cause,
  not_supported,
  required,
  wrong,
)

_IMMUTABLE = "field is immutable"
_NUMBERS = (
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
)
_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_FIXED = (
  "selector",
  "completionMode",
  "podFailurePolicy",
  "backoffLimitPerIndex",
  "managedBy",
)


def job(item: Object) -> list[Cause]:
  spec = item["spec"]
  indexed = spec["completionMode"] == "Indexed"
  causes = _hostnames(item) if indexed else []
  for key in _NUMBERS:
    if isinstance(spec.get(key), int) and spec[key] < 0:
      told = "must be greater than or equal to 0"
      causes.append(wrong(f"spec.{key}", spec[key], told))
  if indexed and "completions" not in spec:
    told = "when completion mode is Indexed"
    causes.append(required("spec.completions", told))
  if not indexed and "backoffLimitPerIndex" in spec:
    told = "requires indexed completion mode"
    value = spec["backoffLimitPerIndex"]
    causes.append(wrong("spec.backoffLimitPerIndex", value, told))
  return [*causes, *_policy(spec), *_template(spec)]


def _hostnames(item: Object) -> list[Cause]:
  last = f"{name(item)}-{max(item['spec'].get('completions', 1) - 1, 0)}"
  if not naming.label("", last):
    return []
  told = f"will not able to create pod with invalid DNS label: {last}"
  return [wrong("metadata.name", name(item), told)]


def _policy(spec: Object) -> list[Cause]:
  rules = (spec.get("podFailurePolicy") or {}).get("rules") or []
  causes = []
  if rules and spec["template"]["spec"]["restartPolicy"] != "Never":
    told = 'only "Never" is supported when podFailurePolicy is specified'
    value = spec["template"]["spec"]["restartPolicy"]
    causes.append(wrong("spec.template.spec.restartPolicy", value, told))
  known = {
    each["name"] for each in spec["template"]["spec"].get("containers") or []
  }
  for index, rule in enumerate(rules):
    causes += _rule(f"spec.podFailurePolicy.rules[{index}]", rule, known)
  return causes


def _rule(at: str, rule: Object, known: set[str]) -> list[Cause]:
  causes = []
  if rule.get("action") not in _ACTIONS:
    action = rule.get("action", "")
    causes.append(not_supported(f"{at}.action", action, _ACTIONS))
  codes, patterns = rule.get("onExitCodes"), rule.get("onPodConditions")
  if codes and patterns:
    told = "specifying both OnExitCodes and OnPodConditions is not supported"
    causes.append(wrong(at, rule, told))
  if not codes and not patterns:
    told = "specifying one of OnExitCodes and OnPodConditions is required"
    causes.append(wrong(at, rule, told))
  if codes:
    causes += _codes(f"{at}.onExitCodes", codes, known)
  return causes


def _codes(at: str, codes: Object, known: set[str]) -> list[Cause]:
  causes = []
  called = codes.get("containerName")
  if called is not None and called not in known:
    told = "must be one of the container or initContainer names in the pod"
    causes.append(wrong(f"{at}.containerName", called, f"{told} template"))
  values = codes.get("values") or []
  if not values:
    told = "at least one value is required"
    causes.append(wrong(f"{at}.values", values, told))
  if codes.get("operator") == "In" and 0 in values:
    told = "must not be 0 for the In operator"
    at_zero = f"{at}.values[{values.index(0)}]"
    causes.append(wrong(at_zero, 0, told))
  if values != sorted(values):
    causes.append(wrong(f"{at}.values", values, "must be ordered"))
  return causes


def _template(spec: Object) -> list[Cause]:
  template = spec["template"]
  labels = template["metadata"].get("labels") or {}
  causes = naming.label_values("spec.template.labels", labels)
  causes += pod_validation.spec("spec.template.spec", template["spec"])
  if template["spec"]["restartPolicy"] not in ("OnFailure", "Never"):
    causes.append(
      not_supported(
        "spec.template.spec.restartPolicy",
        template["spec"]["restartPolicy"],
        ("OnFailure", "Never"),
      )
    )
  return causes


def change(old: Object, new: Object) -> list[Cause]:
  causes = job(new)
  before, after = old["spec"], new["spec"]
  for key in _FIXED:
    if before.get(key) != after.get(key):
      causes.append(wrong(f"spec.{key}", after.get(key), _IMMUTABLE))
  if before["template"] != after["template"] and not _unstarted(old):
    causes.append(wrong("spec.template", after["template"], _IMMUTABLE))
  if before.get("completions") != after.get("completions") and not _elastic(
    before, after
  ):
    value = after.get("completions")
    causes.append(wrong("spec.completions", value, _IMMUTABLE))
  return causes


def _unstarted(item: Object) -> bool:
  """Whether a queue may still say where the Job's pods go."""
  suspended = item["spec"].get("suspend") or condition(item, "Suspended")
  return bool(suspended) and "startTime" not in item.get("status", {})


def _elastic(before: Object, after: Object) -> bool:
  """Whether an Indexed Job grows or shrinks as a whole."""
  return before["completionMode"] == "Indexed" and after.get(
    "completions"
  ) == after.get("parallelism")
