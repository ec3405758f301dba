"""What this distribution contributes: one store, described lightly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.providers import StoreProvider

_HERE = "keras_remote_s3"
# A log's chunks are new objects, so that this is about what requests cost.
_LOG_INTERVAL = 5.0


@hookimpl
def keras_remote_artifact_stores() -> Iterable[StoreProvider[Any]]:
  yield StoreProvider(
    name="s3",
    summary="A bucket of Amazon S3, or of whatever speaks its language.",
    implementation=f"{_HERE}.s3_store:S3Store",
    remote=f"{_HERE}.s3_remote",
    log_interval=_LOG_INTERVAL,
  )
