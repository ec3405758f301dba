"""What the core itself contributes, in providers like any plugin's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import places
from keras_remote_core.accelerators import Family
from keras_remote_core.builtin import accelerator_facts
from keras_remote_core.builtin.local.settings import LocalSettings
from keras_remote_core.hookspecs import hookimpl
from keras_remote_core.providers import (
  BackendProvider,
  Fit,
  FitRequest,
  Provider,
  StoreProvider,
)
from keras_remote_core.settings import CoreSettings

_HERE = "keras_remote_core.builtin"


@hookimpl
def keras_remote_authenticators() -> Iterable[Provider[Any]]:
  yield Provider(
    name="none",
    summary="No credentials: the user of this machine.",
    implementation=f"{_HERE}.readers:no_credentials",
  )


@hookimpl
def keras_remote_packagers() -> Iterable[Provider[Any]]:
  yield Provider(
    name="cloudpickle",
    summary="Pickles the call and ships the source tree, content-addressed.",
    implementation=f"{_HERE}.packaging.packager:cloudpickle_packager",
  )


@hookimpl
def keras_remote_image_builders() -> Iterable[Provider[Any]]:
  yield Provider(
    name="local",
    summary="No image: this machine's Python, or an isolated environment.",
    implementation=f"{_HERE}.images:Local",
    settings=LocalSettings,
  )
  yield Provider(
    name="prebuilt",
    summary="A plain Python image; requirements are installed at the start.",
    implementation=f"{_HERE}.images:Prebuilt",
  )
  yield Provider(
    name="given",
    summary="The image that container_image= names.",
    implementation=f"{_HERE}.images:Given",
  )


@hookimpl
def keras_remote_artifact_stores() -> Iterable[StoreProvider[Any]]:
  yield StoreProvider(
    name="file",
    summary="A folder on this machine or a shared disk.",
    implementation=f"{_HERE}.file_store:FileStore",
    remote=f"{_HERE}.file_remote",
    default_url=_default_store,
    log_interval=0.1,
  )


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="local",
    summary="Processes on this machine, by the same path as in the cloud.",
    implementation=f"{_HERE}.local.backend:LocalBackend",
    settings=LocalSettings,
    fit=_local_fit,
    companions={"image_builder": "local"},
    capabilities=frozenset({"secrets"}),
  )


@hookimpl
def keras_remote_result_readers() -> Iterable[Provider[Any]]:
  yield Provider(
    name="cloudpickle",
    summary="Reads what the runner pickled, mapping large arrays.",
    implementation=f"{_HERE}.readers:cloudpickle_reader",
  )


@hookimpl
def keras_remote_accelerators() -> Iterable[Family]:
  return accelerator_facts.FAMILIES


@hookimpl
def keras_remote_checks() -> Iterable[Provider[Any]]:
  yield Provider(
    name="python",
    summary="This Python can run the client and local jobs.",
    implementation=f"{_HERE}.checks:python",
  )
  yield Provider(
    name="folders",
    summary="The client's folders can be written.",
    implementation=f"{_HERE}.checks:folders",
  )
  yield Provider(
    name="settings",
    summary="Every setting has a value that can be used.",
    implementation=f"{_HERE}.checks:settings",
  )
  yield Provider(
    name="variables",
    summary="No environment variable looks like a misspelt setting.",
    implementation=f"{_HERE}.misspelt:variables",
  )
  yield Provider(
    name="plugins",
    summary="Every installed plugin can be used.",
    implementation=f"{_HERE}.checks:plugins",
  )
  yield Provider(
    name="store",
    summary="The local backend's store can be written and read.",
    implementation=f"{_HERE}.checks:store",
  )


def _local_fit(request: FitRequest) -> Fit:
  cpu = request.resources.accelerator.kind == "cpu"
  return Fit.FALLBACK if cpu else Fit.WHEN_NAMED


def _default_store(core: CoreSettings) -> str:
  del core
  return (places.data_dir() / "store").as_uri()
