"""What admission adds to a pod, on Kubernetes and on GKE; pure."""

from __future__ import annotations

from keras_remote_gke.testing.control import naming
from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.pod_defaults import containers

_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
_PATIENCE = 300
_NATIVE = ("cpu", "memory", "ephemeral-storage")


def admit(pod: Object) -> None:
  """Completes a new pod, in place."""
  spec = pod["spec"]
  account = spec.setdefault("serviceAccountName", "default")
  spec["serviceAccount"] = account
  if spec.get("automountServiceAccountToken") is not False:
    _mount_token(spec)
  spec.setdefault("priority", 0)
  spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
  tolerations = spec.setdefault("tolerations", [])
  for condition in ("not-ready", "unreachable"):
    _tolerate_lost_node(tolerations, f"node.kubernetes.io/{condition}")
  # GKE runs ExtendedResourceToleration.
  for resource in sorted(_devices(spec)):
    new = {"key": resource, "operator": "Exists", "effect": "NoSchedule"}
    if new not in tolerations:
      tolerations.append(new)


def _mount_token(spec: Object) -> None:
  volume = naming.generated("kube-api-access-")
  users = [
    each
    for each in containers(spec)
    if _MOUNT not in [m["mountPath"] for m in each.get("volumeMounts") or []]
  ]
  for each in users:
    each.setdefault("volumeMounts", []).append(
      {"name": volume, "mountPath": _MOUNT, "readOnly": True}
    )
  if users:
    spec.setdefault("volumes", []).append(_token_volume(volume))


def _token_volume(name: str) -> Object:
  certificate = {
    "name": "kube-root-ca.crt",
    "items": [{"key": "ca.crt", "path": "ca.crt"}],
  }
  space = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
  return {
    "name": name,
    "projected": {
      "defaultMode": 0o644,
      "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": certificate},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": space}]}},
      ],
    },
  }


def _tolerate_lost_node(tolerations: list[Object], taint: str) -> None:
  if any(
    each.get("key") in (None, taint)
    and each.get("effect") in (None, "NoExecute")
    for each in tolerations
  ):
    return
  tolerations.append(
    {
      "key": taint,
      "operator": "Exists",
      "effect": "NoExecute",
      "tolerationSeconds": _PATIENCE,
    }
  )


def _devices(spec: Object) -> set[str]:
  """The extended resources that a pod asks for."""
  return {
    resource
    for each in containers(spec)
    for resource in (each.get("resources") or {}).get("requests") or {}
    if resource not in _NATIVE and "/" in resource
  }
