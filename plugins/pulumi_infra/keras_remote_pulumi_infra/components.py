"""What is done inside the cluster, as a line; pure."""

from __future__ import annotations

from keras_remote_pulumi_infra.in_cluster import Change
from keras_remote_pulumi_infra.progress import Line

# Google has service accounts as well.
_KINDS = {"service account": "Kubernetes account"}


def line(change: Change) -> Line:
  return Line(
    operation=change.operation,
    kind=_KINDS.get(change.kind, change.kind),
    name=change.name,
    detail=change.detail,
  )
