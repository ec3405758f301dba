"""What the plugin's providers stand for."""

from __future__ import annotations

import click

from keras_remote_core.builtin.file_store import FileStore
from keras_remote_core.builtin.local.backend import LocalBackend
from keras_remote_core.model import CheckResult


class Backend(LocalBackend):
  """Machines of Acme, all of which are this one."""


class Store(FileStore):
  """Disks of Acme."""


@click.command()
def command():
  """Show nothing."""


def check():
  return CheckResult(ok=False, message="no answer", remedy="call Acme")
