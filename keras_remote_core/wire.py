"""Values as JSON: handles for the store, statuses and plans for people."""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_remote_core.errors import UsageError
from keras_remote_core.model import HANDLE_SCHEMA, JobHandle

if TYPE_CHECKING:
  import cattrs


@functools.cache
def converter() -> cattrs.Converter:
  """The converter of every value that leaves this process."""
  from cattrs.preconf.json import make_converter

  made = make_converter()
  made.register_unstructure_hook(datetime.datetime, datetime.datetime.isoformat)
  made.register_structure_hook(
    datetime.datetime, lambda text, _: datetime.datetime.fromisoformat(text)
  )
  made.register_structure_hook(str | int | bool | None, lambda value, _: value)
  return made


def encode(value: Any) -> bytes:
  """A value as indented JSON, keys sorted."""
  document = converter().unstructure(value)
  return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"


def decode_handle(data: bytes) -> JobHandle:
  """Reads a handle.

  Raises:
    UsageError: it was written by another version of the schema, or it is not
      a handle at all.
  """
  try:
    document = json.loads(data)
    schema = document["schema"]
    if schema == HANDLE_SCHEMA:
      return converter().structure(document, JobHandle)
  except Exception as error:
    raise UsageError(f"not a job handle: {error!r}") from error
  raise _other_schema(schema)


def read_handles(paths: Iterable[Path]) -> Iterator[JobHandle]:
  """The handles in files, newest first.

  Files that are gone by now, or of another version, are passed over.
  """
  yield from newest(data for path in paths if (data := _content(path)))


def newest(documents: Iterable[bytes]) -> Iterator[JobHandle]:
  """Handles, newest first; what this version cannot read is passed over."""
  found = []
  for data in documents:
    with contextlib.suppress(UsageError):
      found.append(decode_handle(data))
  yield from sorted(found, key=lambda each: each.created, reverse=True)


def _other_schema(schema: object) -> UsageError:
  told = (
    f"this job handle has schema {schema!r}, and this keras-remote reads schema"
    f" {HANDLE_SCHEMA}"
  )
  if not isinstance(schema, int):
    return UsageError(f"{told}: no keras-remote wrote it")
  if schema > HANDLE_SCHEMA:
    return UsageError(
      f"{told}: a newer one submitted the job",
      remedy="upgrade keras-remote here: pip install -U keras-remote",
    )
  return UsageError(
    f"{told}: an older one submitted the job",
    remedy="collect it with that one, then upgrade it there: pip install -U"
    " keras-remote",
  )


def _content(path: Path) -> bytes | None:
  with contextlib.suppress(FileNotFoundError):
    return path.read_bytes()
  return None
