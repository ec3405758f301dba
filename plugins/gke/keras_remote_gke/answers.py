"""From a refusal of the Kubernetes API to an error with its remedy; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from keras_remote_gke.errors import ClusterError

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
"""What passes by itself: the server is busy, restarting or unreachable."""
_DEVELOPER = "roles/container.developer"


def error(status: int, body: bytes, what: str) -> ClusterError:
  """The error of an answer.

  Args:
    status: the HTTP status.
    body: a ``Status`` object, or whatever a proxy said instead.
    what: the request, in words.
  """
  told = _status(body)
  message = str(told.get("message") or body[:200].decode(errors="replace"))
  return ClusterError(
    f"the cluster refused to {what}: {message.strip() or f'HTTP {status}'}",
    status=status,
    reason=str(told.get("reason") or ""),
    remedy=_remedy(status, message),
  )


def _status(body: bytes) -> Mapping[str, Any]:
  try:
    told = json.loads(body)
  except ValueError:
    return {}
  return told if isinstance(told, dict) else {}


def _remedy(status: int, message: str) -> str | None:
  if status == 401:
    return "gcloud auth application-default login"
  if status == 403 and "quota" in message:
    return "delete what is not needed, or have the namespace's quota raised"
  if status == 403:
    return (
      f"have {_DEVELOPER} granted to this account, or these verbs in the"
      " namespace; keras-remote doctor lists what is missing"
    )
  if status == 404 and "namespaces" in message:
    return "kubectl create namespace NAME, or set KERAS_REMOTE_GKE_NAMESPACE"
  return None
