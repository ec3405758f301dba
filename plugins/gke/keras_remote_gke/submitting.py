"""Creates a job's objects so that none is lost and none is doubled.

Everything that takes time to be cleaned up has an owner; everything is named
by the submission, so that a create whose answer was lost can be repeated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from keras_remote_core import concurrency
from keras_remote_gke import manifest
from keras_remote_gke.api import Api
from keras_remote_gke.errors import ClusterError, InterruptedSubmission
from keras_remote_gke.manifest import Objects
from keras_remote_gke.paths import Paths

_EXISTS = "AlreadyExists"
_PARALLEL = 4


def submit(api: Api, paths: Paths, objects: Objects) -> None:
  """Starts a job; a second time it finds everything there.

  A client that dies on the way leaves a Secret without a Job at most, which
  costs nothing: the Secret comes first, so that no pod waits for it.

  Raises:
    ClusterError: the cluster refused it, and nothing was started.
  """
  created: list[Mapping[str, Any]] = []
  try:
    _prepare(api, paths, objects, created)
    made = _create(api, paths, objects.main)
    created.insert(0, objects.main)
    owned = {"metadata": {"ownerReferences": [manifest.owner(made)]}}
    for each in objects.owned:
      api.patch(_path(paths, each), owned)
  except ClusterError as error:
    if error.status:
      # It was refused, not lost on the way: what is there is of no use.
      _remove(api, paths, created)
    raise


def _prepare(
  api: Api,
  paths: Paths,
  objects: Objects,
  created: list[Mapping[str, Any]],
) -> None:
  """Creates what the main object needs, and notes what it is to own."""
  with concurrency.pool(_PARALLEL) as pool:
    programs = [
      pool.submit(_upload, api, paths, each) for each in objects.programs
    ]
    for each in objects.owned:
      _create(api, paths, each)
      created.append(each)
    for upload in programs:
      upload.result()


def _upload(api: Api, paths: Paths, program: Mapping[str, Any]) -> None:
  """Uploads a program, unless this very one is there."""
  if not api.exists(_path(paths, program)):
    _create(api, paths, program)


def _remove(
  api: Api, paths: Paths, objects: Iterable[Mapping[str, Any]]
) -> None:
  for each in objects:
    with contextlib.suppress(ClusterError):
      api.delete(_path(paths, each), {"propagationPolicy": "Background"})


def _create(
  api: Api, paths: Paths, body: Mapping[str, Any]
) -> Mapping[str, Any]:
  """The object as the cluster has it, from this try or an earlier one."""
  try:
    made: Mapping[str, Any] = api.create(paths.collection(body), body)
  except ClusterError as error:
    if error.reason != _EXISTS:
      raise
    made = api.get(_path(paths, body))
    _check_ours(made, body)
  return made


def _check_ours(found: Mapping[str, Any], body: Mapping[str, Any]) -> None:
  name = body["metadata"]["name"]
  wanted = body["metadata"]["labels"]
  labels = found["metadata"].get("labels") or {}
  if not wanted.items() <= labels.items():
    raise InterruptedSubmission(
      f"the cluster has a {body['kind']} {name} that is not this job's",
      remedy="submit again: another job gets another name",
    )


def _path(paths: Paths, body: Mapping[str, Any]) -> str:
  return f"{paths.collection(body)}/{body['metadata']['name']}"
