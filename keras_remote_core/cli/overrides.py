"""Parameters of ``@run`` that the command line changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from keras_remote_core.cli import arguments

F = TypeVar("F", bound=Callable[..., Any])


def options(command: F) -> F:
  """Adds ``--accelerator``, ``--backend`` and ``--set`` (as ``settings``)."""
  for option in (
    click.option(
      "--set",
      "settings",
      metavar="NAME=VALUE",
      multiple=True,
      help="Any other parameter of @run, such as timeout=90m.",
    ),
    click.option("--backend", metavar="NAME", help="Where the job runs."),
    click.option("--accelerator", metavar="NAME", help="Such as v6e-8 or cpu."),
  ):
    command = option(command)
  return command


def gathered(
  accelerator: str | None, backend: str | None, settings: Iterable[str]
) -> dict[str, Any]:
  """What was given, by the names of ``@run``.

  Raises:
    UsageError: one of the settings is not ``NAME=VALUE``.
  """
  named = {"accelerator": accelerator, "backend": backend}
  given = {name: value for name, value in named.items() if value is not None}
  return {**dict(arguments.pair(each, "--set") for each in settings), **given}
