"""The backend ``instant`` as a plugin that only ``testing.plan`` knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.providers import BackendProvider


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="instant",
    summary="Runs each job to its end while it is submitted, for tests.",
    implementation="keras_remote_core.testing.instant_backend:InstantBackend",
    companions={"image_builder": "local"},
    capabilities=frozenset({"secrets"}),
  )
