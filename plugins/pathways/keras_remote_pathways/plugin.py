"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import BackendProvider, hookimpl
from keras_remote_pathways import fitting
from keras_remote_pathways.settings import PathwaysSettings


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="pathways",
    summary="One process that drives TPU slices of several machines, on GKE.",
    implementation="keras_remote_pathways.backend:PathwaysBackend",
    settings=PathwaysSettings,
    fit=fitting.fit,
    shape=fitting.shape,
    companions={
      "authenticator": "google",
      "store": "gs",
      "image_builder": ("cloudbuild", "prebuilt"),
    },
    capabilities=frozenset({"secrets", "images"}),
  )
