"""The pod of a job; pure."""

from __future__ import annotations

from typing import Any

from keras_remote_core.model import Submission
from keras_remote_gke import container, hosts, names, placement
from keras_remote_gke.settings import GkeSettings

# Nodes that can be taken away give 30 seconds notice, of which the node itself
# needs some.
_GRACE = 25
_SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict"


def template(submission: Submission, settings: GkeSettings) -> dict[str, Any]:
  """The template that every pod of a job is made of."""
  plan = submission.plan
  # Nobody moves a running job to save a node, unless it is asked for.
  annotations = {_SAFE_TO_EVICT: "false", **settings.annotations}
  return {
    "metadata": {
      "labels": {**settings.labels, **names.labels(plan)},
      "annotations": annotations,
    },
    "spec": {
      **_spec(submission, settings),
      **placement.of(plan.resources, settings),
      **hosts.placement(plan),
    },
  }


def _spec(submission: Submission, settings: GkeSettings) -> dict[str, Any]:
  account = settings.service_account
  return {
    # What a failure policy takes, and the runner is started anew by the Job.
    "restartPolicy": "Never",
    "terminationGracePeriodSeconds": _GRACE,
    # Workload identity comes from the metadata server; the function has no
    # business with the API server.
    "automountServiceAccountToken": False,
    # A variable per service of the namespace is noise to the function.
    "enableServiceLinks": False,
    "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
    **({"serviceAccountName": account} if account else {}),
    "containers": [container.main(submission, settings)],
    "volumes": container.volumes(submission, settings),
  }
