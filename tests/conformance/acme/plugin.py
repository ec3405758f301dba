"""A plugin with a bit of everything, all of it sound."""

from __future__ import annotations

import attrs

from keras_remote_core import (
  BackendProvider,
  Fit,
  Provider,
  Shape,
  StoreProvider,
  hookimpl,
  setting,
)


@attrs.frozen(kw_only=True)
class Settings:
  queue: str | None = setting(None, "the queue of the jobs", run=True)
  depth: int = setting(1, "how deep the queue is")


def fit(request):
  return Fit.WHEN_NAMED


def shape(request):
  return Shape()


@hookimpl
def keras_remote_backends():
  yield BackendProvider(
    name="acme",
    summary="Machines of Acme.",
    implementation="acme_parts:Backend",
    settings=Settings,
    fit=fit,
    shape=shape,
    companions={"image_builder": "prebuilt"},
    capabilities=frozenset({"secrets"}),
  )


@hookimpl
def keras_remote_artifact_stores():
  yield StoreProvider(
    name="acme",
    summary="Disks of Acme.",
    implementation="acme_parts:Store",
    remote="acme_remote",
  )


@hookimpl
def keras_remote_checks():
  yield Provider(
    name="acme",
    summary="Acme answers.",
    implementation="acme_parts:check",
  )


@hookimpl
def keras_remote_commands():
  yield Provider(
    name="acme",
    summary="Show the machines of Acme.",
    implementation="acme_parts:command",
  )
