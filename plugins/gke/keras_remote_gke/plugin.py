"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import BackendProvider, hookimpl
from keras_remote_gke import fitting
from keras_remote_gke.settings import GkeSettings


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="gke",
    summary="Kubernetes Jobs on Google Kubernetes Engine.",
    implementation="keras_remote_gke.backend:GkeBackend",
    settings=GkeSettings,
    fit=fitting.fit,
    shape=fitting.shape,
    companions={
      "authenticator": "google",
      "store": "gs",
      "image_builder": ("cloudbuild", "prebuilt"),
    },
    capabilities=frozenset({"secrets", "images"}),
  )
