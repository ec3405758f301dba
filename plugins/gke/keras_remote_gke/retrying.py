"""When a Job starts another pod; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_gke import container

# What the runner exits with where the function returned, where it raised, and
# where the submission itself is at fault.
_RETURNED, _RAISED, _REFUSED = 0, 42, 43

# A machine that was taken away costs no retry, for it is the runner that counts
# how often a job begins. Asked first: such a pod has an exit code as well.
_LOST = {
  "action": "Ignore",
  "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
}
# Another attempt would end in the same way.
_FINAL = {
  "action": "FailJob",
  "onExitCodes": {
    "containerName": container.NAME,
    "operator": "In",
    "values": [_RAISED, _REFUSED],
  },
}
_OTHER = {
  "action": "Count",
  "onExitCodes": {
    "containerName": container.NAME,
    "operator": "NotIn",
    "values": [_RETURNED, _RAISED, _REFUSED],
  },
}


def policy(retries: int) -> dict[str, Any]:
  """The part of a Job's spec that says which failures are retried.

  Without retries nothing starts twice, whatever happened to the first pod.
  """
  lost = [_LOST] if retries else []
  return {
    "backoffLimit": retries,
    # A pod that is still about to end may still run the function.
    "podReplacementPolicy": "Failed",
    "podFailurePolicy": {"rules": [*lost, _FINAL, _OTHER]},
  }
