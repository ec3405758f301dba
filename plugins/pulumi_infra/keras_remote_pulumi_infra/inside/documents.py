"""From a manifest's text to objects, in the order they are made; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from keras_remote_pulumi_infra.errors import InfraError
from keras_remote_pulumi_infra.inside import values
from keras_remote_pulumi_infra.inside.releases import Release
from keras_remote_pulumi_infra.inside.values import Body

DEFINITION, DEPLOYMENT = "CustomResourceDefinition", "Deployment"
_NAMESPACE = "Namespace"
# What others depend on comes first. Last comes what has the API server ask a
# controller that may not answer yet.
_FIRST = (_NAMESPACE, DEFINITION)
_LAST = (
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
)


@frozen(kw_only=True)
class Stages:
  """A controller's objects, in the order they are made."""

  first: tuple[Body, ...]
  middle: tuple[Body, ...]
  workloads: tuple[Body, ...]
  last: tuple[Body, ...]

  @property
  def all(self) -> tuple[Body, ...]:
    return (*self.first, *self.middle, *self.workloads, *self.last)


def stages(text: bytes, release: Release, sha256: str) -> Stages:
  """The objects of a manifest, marked as ours.

  Raises:
    InfraError: it is no manifest.
  """
  found = [
    _marked(each, release, sha256)
    for each in _with_namespace(_read(text, release), release)
  ]
  return Stages(
    first=_of(found, _FIRST),
    middle=tuple(
      each
      for each in found
      if each["kind"] not in (*_FIRST, DEPLOYMENT, *_LAST)
    ),
    workloads=_of(found, (DEPLOYMENT,)),
    last=_of(found, _LAST),
  )


def _of(found: Iterable[Body], kinds: tuple[str, ...]) -> tuple[Body, ...]:
  return tuple(e for kind in kinds for e in found if e["kind"] == kind)


def _read(text: bytes, release: Release) -> list[Body]:
  import yaml  # type: ignore[import-untyped]

  # The one in C reads a megabyte in a moment.
  loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
  try:
    found = [each for each in yaml.load_all(text, loader) if each is not None]
  except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
    raise _no_manifest(release, str(error)) from error
  for each in found:
    if not _is_object(each):
      raise _no_manifest(release, "a document in it is no Kubernetes object")
  if not found:
    raise _no_manifest(release, "it is empty")
  return found


def _is_object(found: Any) -> bool:
  about = found.get("metadata") if isinstance(found, dict) else None
  if not isinstance(about, dict):
    return False
  named = (found.get("apiVersion"), found.get("kind"), about.get("name"))
  maps = (about.get("labels") or {}, about.get("annotations") or {})
  return all(isinstance(each, str) for each in named) and all(
    isinstance(each, dict) for each in maps
  )


def _with_namespace(found: list[Body], release: Release) -> Iterator[Body]:
  """The objects, and the namespace that tells what is installed."""
  about = {"name": release.namespace}
  mine = {"apiVersion": "v1", "kind": _NAMESPACE, "metadata": about}
  if not any(_is_namespace(each, release) for each in found):
    yield mine
  yield from found


def _is_namespace(body: Body, release: Release) -> bool:
  return (body["kind"], body["metadata"]["name"]) == (
    _NAMESPACE,
    release.namespace,
  )


def _marked(body: Body, release: Release, sha256: str) -> Body:
  about: Mapping[str, Any] = body["metadata"]
  told = {**(about.get("labels") or {}), **values.labels(release.name)}
  made = {**about, "labels": told}
  if _is_namespace(body, release):
    made["annotations"] = {
      **(about.get("annotations") or {}),
      values.VERSION: release.version,
      values.DIGEST: sha256,
    }
  return {**body, "metadata": made}


def _no_manifest(release: Release, why: str) -> InfraError:
  return InfraError(
    f"what should install {release.name} {release.version} is no manifest:"
    f" {why}",
    remedy=f"--manifest {release.name}=FILE, with the release's manifests.yaml",
  )
