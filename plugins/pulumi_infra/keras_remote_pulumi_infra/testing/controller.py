"""The manifest of a controller that does nothing, as projects publish them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras_remote_gke.testing import crds

_RBAC = "rbac.authorization.k8s.io"
_SPACE = {"namespace": "lws-system"}


def body(
  version: str,
  kind: str,
  name: str,
  about: Mapping[str, Any] | None = None,
  **more: Any,
) -> dict[str, Any]:
  """An object.

  Args:
    version: of its API, with the group.
    about: more of its metadata.
  """
  metadata = {"name": name, **(about or {})}
  return {"apiVersion": version, "kind": kind, "metadata": metadata, **more}


def controller(version: str) -> list[dict[str, Any]]:
  """The objects of LeaderWorkerSet, in an order that none could be made in."""
  return [
    body("v1", "Namespace", "lws-system", {"labels": {"of": "theirs"}}),
    _webhook(),
    _deployment(version),
    body("v1", "ServiceAccount", "lws", _SPACE),
    *_roles(),
    body(
      "v1", "Service", "lws-webhook", _SPACE, spec={"ports": [{"port": 443}]}
    ),
    crds.definition("leaderworkersets"),
  ]


def text(objects: list[dict[str, Any]]) -> bytes:
  """Objects as a manifest."""
  import yaml  # type: ignore[import-untyped]

  return str(yaml.safe_dump_all(objects)).encode()


def _webhook() -> dict[str, Any]:
  service = {"name": "lws-webhook", **_SPACE, "path": "/validate"}
  webhook = {
    "name": "lws.example.com",
    "clientConfig": {"service": service},
    "admissionReviewVersions": ["v1"],
    "sideEffects": "None",
  }
  return body(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    "lws-validating",
    webhooks=[webhook],
  )


def _deployment(version: str) -> dict[str, Any]:
  labels = {"control-plane": "controller-manager"}
  main = {"name": "manager", "image": f"example.com/lws/lws:{version}"}
  template = {"metadata": {"labels": labels}, "spec": {"containers": [main]}}
  return body(
    "apps/v1",
    "Deployment",
    "lws-controller-manager",
    _SPACE,
    spec={"selector": {"matchLabels": labels}, "template": template},
  )


def _roles() -> list[dict[str, Any]]:
  rule = {
    "apiGroups": ["leaderworkerset.x-k8s.io"],
    "resources": ["*"],
    "verbs": ["*"],
  }
  reference = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": "lws:manager"}
  account = {"kind": "ServiceAccount", "name": "lws", **_SPACE}
  return [
    body(f"{_RBAC}/v1", "ClusterRole", "lws:manager", rules=[rule]),
    body(
      f"{_RBAC}/v1",
      "ClusterRoleBinding",
      "lws:manager",
      roleRef=reference,
      subjects=[account],
    ),
  ]
