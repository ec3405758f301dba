"""Brings a bundle and its manifest into the store, nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from keras_remote_core import concurrency
from keras_remote_core.model import Blob, Bundle, Image, Plan, Staged
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys
from keras_remote_runner.manifest import Artifact, Manifest

_PARALLEL = 8


def upload(blobs: Iterable[Blob], store: ArtifactStore) -> int:
  """Stores what is not there yet, and renews the age of what is.

  Returns:
    The bytes that were sent.

  Raises:
    StoreError: the store cannot be written.
  """
  unique = {blob.key: blob for blob in blobs}
  with concurrency.pool(_PARALLEL) as pool:
    return sum(pool.map(lambda blob: _send(blob, store), unique.values()))


def manifest(plan: Plan, bundle: Bundle, image: Image) -> Manifest:
  """What the runner will execute; secrets are none of its business."""
  return Manifest(
    job=plan.job_id,
    function=_artifact(bundle.function),
    inputs=tuple(_artifact(each) for each in bundle.inputs),
    source=_artifact(bundle.source) if bundle.source else None,
    sys_path=bundle.layout.sys_path,
    cwd=bundle.layout.cwd,
    python=bundle.python,
    by_value=bundle.by_value,
    env=dict(plan.environment.plain),
    prelude=plan.prelude,
    requirements=bundle.requirements,
    install=image.install.value,
    timeout=plan.timeout,
    attempts=plan.attempts,
    processes=plan.processes,
    strict=plan.strict,
    log_interval=plan.store.provider.log_interval,
  )


def stage(made: Manifest, store: ArtifactStore) -> Staged:
  """Writes a manifest, once and for all."""
  data = made.encode()
  key = keys.manifest(made.job)
  store.write(key, data, only_if_absent=True)
  digest = hashlib.sha256(data).hexdigest()
  return Staged(manifest_key=key, manifest_sha256=digest)


def _send(blob: Blob, store: ArtifactStore) -> int:
  if store.touch(blob.key):
    return 0
  store.put(blob.path, blob.key)
  return blob.size


def _artifact(blob: Blob) -> Artifact:
  return Artifact(sha256=blob.sha256, size=blob.size)
