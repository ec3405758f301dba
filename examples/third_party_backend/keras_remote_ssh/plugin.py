"""What the core finds: imports nothing that costs time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_remote_core import BackendProvider, hookimpl
from keras_remote_ssh.settings import SshSettings


@hookimpl
def keras_remote_backends() -> Iterable[BackendProvider[Any]]:
  yield BackendProvider(
    name="ssh",
    summary="Processes on a machine that ssh reaches, or on this one.",
    implementation="keras_remote_ssh.backend:SshBackend",
    settings=SshSettings,
    # Nothing is built: the function runs in the Python that is there.
    companions={"image_builder": "local"},
    capabilities=frozenset({"secrets"}),
  )
