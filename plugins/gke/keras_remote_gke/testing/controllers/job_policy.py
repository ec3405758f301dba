"""A Job's pod failure policy; pure."""

from __future__ import annotations

from attrs import frozen

from keras_remote_gke.testing.control.objects import (
  Object,
  condition,
  name,
  namespace,
)


@frozen
class Verdict:
  """What a rule says of a failed pod.

  Args:
    message: of a rule that fails the whole Job.
  """

  action: str
  message: str

  @property
  def counts(self) -> bool:
    """Whether the failure counts towards the back-off limit."""
    return self.action != "Ignore"


def verdict(job: Object, pod: Object) -> Verdict:
  """What a Job's policy says of a failed pod; without a rule it counts."""
  policy = job["spec"].get("podFailurePolicy") or {}
  for index, rule in enumerate(policy.get("rules") or []):
    found = _matched(rule, pod)
    if found is not None:
      action = rule["action"]
      message = f"{found} matching {action} rule at index {index}"
      return Verdict(action, message)
  return Verdict("Count", "")


def _matched(rule: Object, pod: Object) -> str | None:
  """What of a pod a rule is about; None where nothing is."""
  called = f"pod {namespace(pod)}/{name(pod)}"
  if codes := rule.get("onExitCodes"):
    found = _exited(codes, pod)
    if found is None:
      return None
    container, code = found
    return f"Container {container} for {called} failed with exit code {code}"
  for pattern in rule.get("onPodConditions") or []:
    if condition(pod, pattern["type"], pattern.get("status", "True")):
      return f"Pod {namespace(pod)}/{name(pod)} has condition {pattern['type']}"
  return None


def _exited(codes: Object, pod: Object) -> tuple[str, int] | None:
  """The container whose exit code a rule names, and the code."""
  status = pod.get("status", {})
  for each in [
    *(status.get("containerStatuses") or []),
    *(status.get("initContainerStatuses") or []),
  ]:
    code = (each["state"].get("terminated") or {}).get("exitCode", 0)
    if not code or codes.get("containerName") not in (None, each["name"]):
      continue
    if (code in codes["values"]) is (codes["operator"] == "In"):
      return each["name"], code
  return None
