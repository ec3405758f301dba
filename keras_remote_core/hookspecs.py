"""The eleven hooks a plugin can implement.

Put ``@keras_remote_core.hookimpl`` over functions of these names, in a module
that the entry-point group ``keras_remote.v1`` names. Hooks return light
providers: whatever costs time to import stays behind their dotted strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
  import click

  from keras_remote_core.accelerators import Family
  from keras_remote_core.model import JobEvent, Resources
  from keras_remote_core.providers import (
    BackendProvider,
    Provider,
    StoreProvider,
  )
  from keras_remote_core.roles import (
    ArtifactStore,
    Authenticator,
    Backend,
    Check,
    ImageBuilder,
    Packager,
    ResultReader,
  )

PROJECT = "keras_remote"
GROUP = "keras_remote.v1"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def keras_remote_authenticators() -> Iterable[Provider[Authenticator]]:  # type: ignore[empty-body]
  """Ways to get credentials."""


@hookspec
def keras_remote_packagers() -> Iterable[Provider[Packager]]:  # type: ignore[empty-body]
  """Ways to turn a call into a bundle."""


@hookspec
def keras_remote_image_builders() -> Iterable[Provider[ImageBuilder]]:  # type: ignore[empty-body]
  """Ways to find or build an image."""


@hookspec
def keras_remote_artifact_stores() -> Iterable[StoreProvider[ArtifactStore]]:  # type: ignore[empty-body]
  """Stores, named by their URL scheme."""


@hookspec
def keras_remote_backends() -> Iterable[BackendProvider[Backend]]:  # type: ignore[empty-body]
  """Places where jobs run."""


@hookspec
def keras_remote_result_readers() -> Iterable[Provider[ResultReader]]:  # type: ignore[empty-body]
  """Readers of results, named by the format."""


@hookspec
def keras_remote_accelerators() -> Iterable[Family]:  # type: ignore[empty-body]
  """Accelerator families, with their neutral facts."""


@hookspec
def keras_remote_checks() -> Iterable[Provider[Check]]:  # type: ignore[empty-body]
  """What ``keras-remote doctor`` looks at."""


@hookspec
def keras_remote_commands() -> Iterable[Provider[click.Command]]:  # type: ignore[empty-body]
  """Commands that join the ``keras-remote`` command line."""


@hookspec(firstresult=True)
def keras_remote_select_backend(
  resources: Resources, candidates: Sequence[str]
) -> str | None:
  """A site's policy: one of ``candidates``, or None for no opinion."""


@hookspec
def keras_remote_job_event(event: JobEvent) -> None:
  """Called on every change of a job; a failure here never fails the job."""


STEP_HOOKS: dict[str, str] = {
  "authenticator": "keras_remote_authenticators",
  "packager": "keras_remote_packagers",
  "image_builder": "keras_remote_image_builders",
  "store": "keras_remote_artifact_stores",
  "backend": "keras_remote_backends",
  "result_reader": "keras_remote_result_readers",
}

MERGED_HOOKS: dict[str, str] = {
  "accelerator": "keras_remote_accelerators",
  "check": "keras_remote_checks",
  "command": "keras_remote_commands",
}


def manager() -> pluggy.PluginManager:
  """A fresh plugin manager that knows these hooks and no plugin."""
  made = pluggy.PluginManager(PROJECT)
  made.add_hookspecs(_module())
  return made


def _module() -> Any:
  import sys

  return sys.modules[__name__]
