"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import BackendProvider, Provider, hookimpl
from keras_remote_pathways import fitting
from keras_remote_pathways.settings import PathwaysSettings

_HERE = "keras_remote_pathways"


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="pathways",
    summary="One process that drives TPU slices of several machines, on GKE.",
    implementation=f"{_HERE}.backend:PathwaysBackend",
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


@hookimpl
def keras_remote_checks() -> Iterable[Provider[Any]]:
  yield Provider(
    name="pathways-layout",
    summary="LeaderWorkerSet or JobSet is installed, and new enough.",
    implementation=f"{_HERE}.checks:layout",
  )
  yield Provider(
    name="pathways-permissions",
    summary="This account may do what jobs on several machines take.",
    implementation=f"{_HERE}.checks:permissions",
  )
  yield Provider(
    name="pathways-pools",
    summary="The cluster has machines for a job's head and its slices.",
    implementation=f"{_HERE}.checks:pools",
  )
