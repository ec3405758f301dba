"""Creates a job's objects so that none is lost and none is doubled.

Everything that takes time to be cleaned up has an owner; everything is named
by the submission, so that a create whose answer was lost can be repeated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from keras_remote_core import concurrency
from keras_remote_core.model import JobHandle, Submission
from keras_remote_gke import manifest
from keras_remote_gke.api import Api
from keras_remote_gke.errors import ClusterError, InterruptedSubmission
from keras_remote_gke.paths import Paths
from keras_remote_gke.settings import GkeSettings

_EXISTS = "AlreadyExists"


def submit(
  api: Api,
  paths: Paths,
  submission: Submission,
  settings: GkeSettings,
  handle: JobHandle,
) -> None:
  """Starts a job; a second time it finds everything there.

  A client that dies on the way leaves a Secret without a Job at most, which
  costs nothing: the Secret comes first, so that no pod waits for it.

  Raises:
    ClusterError: the cluster refused it, and nothing was started.
  """
  secret = manifest.secret(submission)
  with concurrency.pool(2) as pool:
    runner = pool.submit(_runner, api, paths, submission)
    _create(api, paths.secrets, secret)
    runner.result()
  job = manifest.job(submission, settings, handle)
  try:
    made = _create(api, paths.jobs, job)
  except ClusterError as error:
    if error.status:
      # It was refused, not lost on the way: nobody will ever use the secret.
      with contextlib.suppress(ClusterError):
        api.delete(_named(paths.secrets, secret), {})
    raise
  owned = {"metadata": {"ownerReferences": [manifest.owner(made)]}}
  api.patch(_named(paths.secrets, secret), owned)


def _runner(api: Api, paths: Paths, submission: Submission) -> None:
  """Uploads the runner, unless this very one is there."""
  found = manifest.config_map(submission)
  if not api.exists(_named(paths.config_maps, found)):
    _create(api, paths.config_maps, found)


def _create(
  api: Api, collection: str, body: Mapping[str, Any]
) -> Mapping[str, Any]:
  """The object as the cluster has it, from this try or an earlier one."""
  try:
    made: Mapping[str, Any] = api.create(collection, body)
  except ClusterError as error:
    if error.reason != _EXISTS:
      raise
    made = api.get(_named(collection, body))
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


def _named(collection: str, body: Mapping[str, Any]) -> str:
  return f"{collection}/{body['metadata']['name']}"
