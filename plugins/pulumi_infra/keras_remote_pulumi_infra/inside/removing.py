"""Takes what was made inside the cluster away, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from keras_remote_gke import names
from keras_remote_gke.errors import ClusterError
from keras_remote_pulumi_infra.inside import waits
from keras_remote_pulumi_infra.inside.kinds import Kinds
from keras_remote_pulumi_infra.inside.values import COMPONENT, Body
from keras_remote_pulumi_infra.inside.waits import Patience

_RBAC = "rbac.authorization.k8s.io/v1"
_WEBHOOKS = "admissionregistration.k8s.io/v1"
# Definitions go first: what is theirs may wait for its controller to let go.
_DEFINITIONS = ("apiextensions.k8s.io/v1", "customresourcedefinitions")
# What is in a namespace of ours goes with it.
_OTHERS = (
  (_WEBHOOKS, "mutatingwebhookconfigurations"),
  (_WEBHOOKS, "validatingwebhookconfigurations"),
  ("apiregistration.k8s.io/v1", "apiservices"),
  ("flowcontrol.apiserver.k8s.io/v1", "flowschemas"),
  ("flowcontrol.apiserver.k8s.io/v1", "prioritylevelconfigurations"),
  (_RBAC, "rolebindings"),
  (_RBAC, "roles"),
  (_RBAC, "clusterrolebindings"),
  (_RBAC, "clusterroles"),
  ("v1", "serviceaccounts"),
  ("v1", "namespaces"),
)


def remove(kinds: Kinds, component: str, patience: Patience) -> int:
  """Deletes a component's objects; returns how many there were."""
  definitions = list(_of(kinds, [_DEFINITIONS], [component]))
  _delete(kinds, definitions)
  waits.gone(kinds, definitions, patience)
  others = list(_of(kinds, _OTHERS, [component]))
  _delete(kinds, others)
  return len(definitions) + len(others)


def present(kinds: Kinds) -> set[str]:
  """The components of ours that have a namespace of their own there."""
  found = kinds.api.get("/api/v1/namespaces", labelSelector=_selector(()))
  return {each["metadata"]["labels"][COMPONENT] for each in found["items"]}


def _of(
  kinds: Kinds, wanted: Iterable[tuple[str, str]], components: Collection[str]
) -> Iterable[str]:
  for version, plural in wanted:
    path = kinds.collection(version, plural)
    if path is None:
      continue
    found = kinds.api.get(path, labelSelector=_selector(components))
    for each in found["items"]:
      yield _path(path, plural, each)


def _path(collection: str, plural: str, found: Body) -> str:
  about = found["metadata"]
  root = collection.removesuffix(f"/{plural}")
  space = about.get("namespace")
  within = f"/namespaces/{space}" if space else ""
  return f"{root}{within}/{plural}/{about['name']}"


def _delete(kinds: Kinds, paths: Iterable[str]) -> None:
  for each in paths:
    try:
      kinds.api.delete(each, {"propagationPolicy": "Background"})
    except ClusterError as error:
      if error.status != 404:
        raise


def _selector(components: Collection[str]) -> str:
  among = f" in ({','.join(components)})" if components else ""
  return f"{'='.join(names.MANAGED)},{COMPONENT}{among}"
