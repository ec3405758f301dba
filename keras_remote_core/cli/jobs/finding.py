"""The jobs that a command line names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from keras_remote_core import attaching, index, opening
from keras_remote_core.cli import failures
from keras_remote_core.errors import KerasRemoteError, UnknownJob
from keras_remote_core.job import Job


def attach(name: str, trust_store: bool = False) -> Job[Any]:
  """The job of a name.

  Raises:
    UnknownJob: there is none, or there are several.
  """
  known = [handle.job_id for handle in index.handles()]
  return attaching.attach(
    completed(name, known), opening.here(), trust_store=trust_store
  )


def for_each(names: Iterable[str], action: Callable[[Job[Any]], None]) -> None:
  """Does something to every job; one that fails does not stop the others."""
  worst = 0
  for name in names:
    try:
      action(attach(name))
    except KerasRemoteError as error:
      failures.tell(error)
      worst = max(worst, error.exit_code)
  if worst:
    raise click.exceptions.Exit(worst)


def completed(name: str, known: Iterable[str]) -> str:
  """The one known id that begins so; the name itself where none does.

  Raises:
    UnknownJob: several do.
  """
  fitting = [each for each in known if name and each.startswith(name)]
  if name in fitting or not fitting:
    return name
  if len(fitting) > 1:
    raise UnknownJob(
      f"{len(fitting)} jobs begin with {name!r}: {', '.join(sorted(fitting))}",
      remedy="write more of the id",
    )
  return fitting[0]
