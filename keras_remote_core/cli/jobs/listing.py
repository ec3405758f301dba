"""``keras-remote jobs list``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click

from keras_remote_core import (
  durations,
  index,
  opening,
  users,
  waiting,
)
from keras_remote_core.cli import failures, printing
from keras_remote_core.cli.jobs import standing
from keras_remote_core.cli.jobs.standing import Standing
from keras_remote_core.errors import KerasRemoteError, NoStore
from keras_remote_core.model import JobHandle
from keras_remote_core.opening import Opener
from keras_remote_core.providers import BackendProvider

_COLUMNS = tuple("id function backend accelerator phase reason age".split())


@click.command("list")
@click.option(
  "--all", "every", is_flag=True, help="Ask the backends for others' jobs too."
)
@click.option(
  "--mine", is_flag=True, help="Ask the backends, for this user's jobs only."
)
@printing.json_option
def list_(every: bool, mine: bool, as_json: bool) -> None:
  """List the jobs that this machine submitted, newest first."""
  opener = opening.here()
  handles = {handle.job_id: handle for handle in index.handles()}
  if every or mine:
    of_backends = {each.job_id: each for each in _of_backends(opener)}
    handles = of_backends | handles
  if mine:
    user = users.name()
    handles = {
      name: each for name, each in handles.items() if each.user == user
    }
  newest = sorted(handles.values(), key=_created, reverse=True)
  records = [_record(each) for each in standing.of_all(newest, opener)]
  printing.listing(_COLUMNS, records, as_json)


def _record(found: Standing) -> dict[str, Any]:
  record = found.record()
  if found.phase == standing.UNKNOWN:
    record["reason"] = record["message"]
  return {**record, "age": _age(found.handle)}


def _age(handle: JobHandle) -> str:
  """The age in its largest unit, such as ``3h``."""
  text = durations.text(max(0.0, waiting.waited(handle)))
  return "".join(re.findall(r"^\d+\w", text))


def _of_backends(opener: Opener) -> Iterator[JobHandle]:
  for provider in opener.registry.providers("backend"):
    assert isinstance(provider, BackendProvider)
    try:
      url = opener.default_store(provider)
      yield from opener.backend(provider.name, url).list()
    except NoStore:
      # Nobody set up this backend, so that it has no jobs.
      continue
    except KerasRemoteError as error:
      error.add_note(f"the jobs of backend {provider.name} are not listed")
      failures.tell(error)


def _created(handle: JobHandle) -> Any:
  return handle.created
