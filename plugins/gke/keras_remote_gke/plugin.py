"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import BackendProvider, Provider, hookimpl
from keras_remote_gke import fitting
from keras_remote_gke.settings import GkeSettings

_HERE = "keras_remote_gke"


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="gke",
    summary="Kubernetes Jobs on Google Kubernetes Engine.",
    implementation=f"{_HERE}.backend:GkeBackend",
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


@hookimpl
def keras_remote_checks() -> Iterable[Provider[Any]]:
  yield Provider(
    name="gke-cluster",
    summary="The cluster answers.",
    implementation=f"{_HERE}.checks:cluster",
  )
  yield Provider(
    name="gke-permissions",
    summary="This account may do in the namespace what jobs take.",
    implementation=f"{_HERE}.checks:permissions",
  )
  yield Provider(
    name="gke-pools",
    summary="The cluster has nodes for the accelerator that is set.",
    implementation=f"{_HERE}.checks:pools",
  )
  yield Provider(
    name="gke-account",
    summary="The service account that jobs act as is there.",
    implementation=f"{_HERE}.checks:service_account",
  )


@hookimpl
def keras_remote_commands() -> Iterable[Provider[Any]]:
  yield Provider(
    name="dev",
    summary="Emulate a cluster on this machine, for trials and tests.",
    implementation=f"{_HERE}.dev:dev",
  )
