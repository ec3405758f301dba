"""What the API server says of itself; pure."""

from __future__ import annotations

from collections.abc import Iterable

from keras_remote_gke.testing.control.objects import Object
from keras_remote_gke.testing.control.resources import Resource

VERSION = {
  "major": "1",
  "minor": "36",
  "gitVersion": "v1.36.1-gke.1",
  "gitCommit": "0" * 40,
  "gitTreeState": "clean",
  "buildDate": "2026-05-20T09:00:00Z",
  "goVersion": "go1.26.2 X:boringcrypto",
  "compiler": "gc",
  "platform": "linux/amd64",
}
_REVIEW = "selfsubjectaccessreviews"
_AUTHORIZATION = "authorization.k8s.io"
_VERBS = (
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
)


def answer(path: str, resources: Iterable[Resource]) -> Object | None:
  """What a discovery path answers; None where it is none."""
  known = tuple(resources)
  groups = dict.fromkeys(
    [(each.group, each.version) for each in known if each.group]
    + [(_AUTHORIZATION, "v1")]
  )
  if path == "/version":
    return VERSION
  if path == "/api":
    return {"kind": "APIVersions", "versions": ["v1"]}
  if path == "/apis":
    told = [_group(*each) for each in groups]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": told}
  if path == "/openapi/v3":
    paths = ["api/v1", *(f"apis/{'/'.join(each)}" for each in groups)]
    told_paths = {
      each: {"serverRelativeURL": f"/openapi/v3/{each}"} for each in paths
    }
    return {"paths": told_paths}
  return _of_version(path, known, groups)


def _of_version(
  path: str, known: tuple[Resource, ...], groups: Iterable[tuple[str, str]]
) -> Object | None:
  for group, version in [("", "v1"), *groups]:
    root = f"/apis/{group}/{version}" if group else "/api/v1"
    if group and path == f"/apis/{group}":
      return {"kind": "APIGroup", "apiVersion": "v1", **_group(group, version)}
    if path == root:
      return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": _resources(group, known),
      }
  return None


def _group(group: str, version: str) -> Object:
  told = {"groupVersion": f"{group}/{version}", "version": version}
  return {"name": group, "versions": [told], "preferredVersion": told}


def _resources(group: str, known: tuple[Resource, ...]) -> list[Object]:
  if group == _AUTHORIZATION:
    return [_resource(_REVIEW, "SelfSubjectAccessReview", False, ["create"])]
  told = []
  for each in known:
    if each.group == group:
      told.append(_whole(each))
      if each.status:
        verbs = ["get", "patch", "update"]
        name = f"{each.plural}/status"
        told.append(_resource(name, each.kind, each.namespaced, verbs))
  return told


def _whole(resource: Resource) -> Object:
  told = _resource(
    resource.plural, resource.kind, resource.namespaced, list(_VERBS)
  )
  if resource.short:
    told["shortNames"] = list(resource.short)
  return told


def _resource(
  name: str, kind: str, namespaced: bool, verbs: list[str]
) -> Object:
  return {
    "name": name,
    "singularName": "" if "/" in name else kind.lower(),
    "namespaced": namespaced,
    "kind": kind,
    "verbs": verbs,
  }
