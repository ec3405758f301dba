"""Errors as the terminal shows them."""

from __future__ import annotations

import click

from keras_remote_core.errors import KerasRemoteError


def tell(error: KerasRemoteError) -> None:
  """Writes what happened and what helps to standard error."""
  told = [f"Error: {error}", *getattr(error, "__notes__", ())]
  click.echo("\n".join(told), err=True)


def told(error: Exception) -> bool:
  """Shows what a job's function raised; False for any other exception."""
  from keras_remote_core import remote_errors
  from keras_remote_core.cli import tracebacks

  if not remote_errors.came_home(error):
    return False
  click.echo(tracebacks.of_user(error), err=True, nl=False)
  return True
