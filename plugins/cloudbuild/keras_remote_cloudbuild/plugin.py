"""What this distribution contributes, in light providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_cloudbuild.settings import CloudBuildSettings
from keras_remote_core import Provider, hookimpl

_HERE = "keras_remote_cloudbuild"


@hookimpl
def keras_remote_image_builders() -> Iterable[Provider[Any]]:
  yield Provider(
    name="cloudbuild",
    summary="Images built once by Cloud Build, and found by content ever after.",
    implementation=f"{_HERE}.builder:CloudBuild",
    settings=CloudBuildSettings,
  )


@hookimpl
def keras_remote_commands() -> Iterable[Provider[Any]]:
  yield Provider(
    name="image",
    summary="Build, show, list and remove images.",
    implementation=f"{_HERE}.cli:image",
  )


@hookimpl
def keras_remote_checks() -> Iterable[Provider[Any]]:
  yield Provider(
    name="image-apis",
    summary="Cloud Build and Artifact Registry answer.",
    implementation=f"{_HERE}.checks:apis",
  )
  yield Provider(
    name="image-repository",
    summary="The repository of the images exists.",
    implementation=f"{_HERE}.checks:repository",
  )
  yield Provider(
    name="image-push",
    summary="Images can be pushed to the repository.",
    implementation=f"{_HERE}.checks:push",
  )
  yield Provider(
    name="image-account",
    summary="A service account builds images.",
    implementation=f"{_HERE}.checks:account",
  )
