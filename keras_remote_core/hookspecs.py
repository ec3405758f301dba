"""The eleven hooks a plugin can implement.

Put ``@keras_remote_core.hookimpl`` over functions of these names, in a module
that the entry-point group ``keras_remote.v1`` names. Hooks return light
providers: whatever costs time to import stays behind their dotted strings.

Each example is a module ``my_plugin`` that has ``Provider`` and ``hookimpl``
from ``keras_remote_core``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

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
  """Ways to get credentials.

  Example:
    ```python
    import os
    from keras_remote_core.model import Credentials

    @hookimpl
    def keras_remote_authenticators():
      yield Provider(
        name="robot",
        summary="A token that the environment has.",
        implementation="my_plugin:robot",
      )

    def robot(settings, context):
      token = lambda: os.environ.get("ROBOT_TOKEN")
      return lambda: Credentials(principal="robot", token=token)
    ```
  """


@hookspec
def keras_remote_packagers() -> Iterable[Provider[Packager]]:  # type: ignore[empty-body]
  """Ways to turn a call into a bundle.

  Example:
    ```python
    from attrs import evolve
    from keras_remote_core.builtin.packaging import packager

    @hookimpl
    def keras_remote_packagers():
      yield Provider(
        name="bare",
        summary="The core's packager, without the requirements.",
        implementation="my_plugin:bare",
      )

    def bare(settings, context):
      pack = packager.cloudpickle_packager(settings, context)
      return lambda call, plan: evolve(pack(call, plan), requirements=())
    ```
  """


@hookspec
def keras_remote_image_builders() -> Iterable[Provider[ImageBuilder]]:  # type: ignore[empty-body]
  """Ways to find or build an image.

  Example:
    ```python
    from keras_remote_core.model import Image, ImageKey, Install

    @hookimpl
    def keras_remote_image_builders():
      yield Provider(
        name="house",
        summary="The image that everybody here uses.",
        implementation="my_plugin:House",
      )

    class House:
      def __init__(self, settings, context): ...

      def key(self, request):
        return ImageKey(reference=f"registry.example/py:{request.python}")

      def build(self, request):
        reference = self.key(request).reference
        return Image(reference=reference, install=Install.MISSING)
    ```
  """


@hookspec
def keras_remote_artifact_stores() -> Iterable[StoreProvider[ArtifactStore]]:  # type: ignore[empty-body]
  """Stores, named by their URL scheme.

  Example:
    ```python
    from keras_remote_core import StoreProvider
    from keras_remote_core.testing import MemoryStore

    @hookimpl
    def keras_remote_artifact_stores():
      yield StoreProvider(
        name="shelf",
        summary="Files that go when this process ends.",
        implementation="my_plugin:Shelf",
      )

    class Shelf(MemoryStore):
      def __init__(self, settings, context):
        super().__init__()
    ```
  """


@hookspec
def keras_remote_backends() -> Iterable[BackendProvider[Backend]]:  # type: ignore[empty-body]
  """Places where jobs run.

  Example:
    ```python
    from keras_remote_core import BackendProvider

    @hookimpl
    def keras_remote_backends():
      yield BackendProvider(
        name="desk",
        summary="The machine under the desk.",
        implementation="keras_remote_core.builtin.local.backend:LocalBackend",
        companions={"image_builder": "local"},
        capabilities=frozenset({"secrets"}),
      )
    ```
  """


@hookspec
def keras_remote_result_readers() -> Iterable[Provider[ResultReader]]:  # type: ignore[empty-body]
  """Readers of results, named by the format.

  Example:
    ```python
    @hookimpl
    def keras_remote_result_readers():
      yield Provider(
        name="text", summary="Text.", implementation="my_plugin:text"
      )

    def text(settings, context):
      return lambda path: path.read_text()
    ```
  """


@hookspec
def keras_remote_accelerators() -> Iterable[Family]:  # type: ignore[empty-body]
  """Accelerator families, with their neutral facts.

  Example:
    ```python
    from keras_remote_core.accelerators import GpuFamily

    @hookimpl
    def keras_remote_accelerators():
      yield GpuFamily(name="p40", title="Tesla P40", memory=24, counts=(1, 2))
    ```
  """


@hookspec
def keras_remote_checks() -> Iterable[Provider[Check]]:  # type: ignore[empty-body]
  """What ``keras-remote doctor`` looks at.

  Example:
    ```python
    import shutil
    from keras_remote_core.model import CheckResult

    @hookimpl
    def keras_remote_checks():
      yield Provider(
        name="room",
        summary="There is room for results.",
        implementation="my_plugin:room",
      )

    def room():
      free = shutil.disk_usage(".").free
      return CheckResult(ok=free > 0, message=f"{free:,} bytes are free")
    ```
  """


@hookspec
def keras_remote_commands() -> Iterable[Provider[click.Command]]:  # type: ignore[empty-body]
  """Commands that join the ``keras-remote`` command line.

  Example:
    ```python
    import click

    @hookimpl
    def keras_remote_commands():
      yield Provider(
        name="hello", summary="Greet.", implementation="my_plugin:hello"
      )

    @click.command()
    def hello():
      click.echo("hello")
    ```
  """


@hookspec(firstresult=True)
def keras_remote_select_backend(
  resources: Resources, candidates: Sequence[str]
) -> str | None:
  """A site's policy: one of ``candidates``, or None for no opinion.

  Asked where nobody names a backend; the first opinion counts.

  Example:
    ```python
    @hookimpl
    def keras_remote_select_backend(resources, candidates):
      small = resources.accelerator.kind == "cpu"
      return "local" if small and "local" in candidates else None
    ```
  """


@hookspec
def keras_remote_job_event(event: JobEvent) -> None:
  """Called on every change of a job; a failure here never fails the job.

  Example:
    ```python
    @hookimpl
    def keras_remote_job_event(event):
      if event.name == "failed":
        print(f"{event.handle.job_id} failed: {event.detail}")
    ```
  """


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
  made.add_hookspecs(sys.modules[__name__])
  return made
