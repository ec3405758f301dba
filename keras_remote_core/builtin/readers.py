"""The core's result reader and authenticator."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

from keras_remote_core.model import Credentials
from keras_remote_core.roles import Authenticator, Context, ResultReader


def cloudpickle_reader(settings: None, context: Context) -> ResultReader:
  """Reads the container that every runner writes."""
  del settings, context
  return _read


def no_credentials(settings: None, context: Context) -> Authenticator:
  """The user of this machine, for backends that ask for nobody."""
  del settings, context
  return lambda: Credentials(principal=getpass.getuser())


def _read(path: Path) -> Any:
  from keras_remote_runner import container

  return container.load(path)
