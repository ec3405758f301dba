"""What the runner executes: one JSON document per job, named by its digest."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from keras_remote_runner import signing

SCHEMA = 1


class UnreadableManifest(ValueError):
  """The document is not a manifest this runner can execute."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Artifact:
  """A blob the job reads: hex digest and bytes."""

  sha256: str
  size: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manifest:
  """A job, as its hosts execute it.

  Args:
    function: the pickled function.
    inputs: a pickled ``(args, kwargs)`` per task.
    source: the source archive, or None.
    sys_path: import folders, relative to the source root.
    cwd: the working directory, relative to the source root.
    python: the minor version that made the payload.
    by_value: whether the payload holds code, which ties it to ``python``.
    env: environment of the function's process.
    prelude: ``module:function`` entries called before anything is unpickled.
    requirements: requirement lines.
    install: ``nothing``, ``missing`` or ``all`` of the requirements.
    timeout: seconds the function may run, or None.
    attempts: how often the job may be started.
    processes: hosts that run the function.
    strict: False lets another minor version of Python try.
    log_interval: seconds between two log chunks.
  """

  job: str
  function: Artifact
  inputs: tuple[Artifact, ...]
  source: Artifact | None
  sys_path: tuple[str, ...]
  cwd: str
  python: str
  by_value: bool
  env: Mapping[str, str] = dataclasses.field(default_factory=dict)
  prelude: tuple[str, ...] = ()
  requirements: tuple[str, ...] = ()
  install: str = "nothing"
  timeout: float | None = None
  attempts: int = 1
  processes: int = 1
  strict: bool = True
  log_interval: float = 2.0

  def encode(self) -> bytes:
    return signing.canonical({"schema": SCHEMA, **dataclasses.asdict(self)})


def decode(data: bytes) -> Manifest:
  """Reads a manifest.

  Raises:
    UnreadableManifest: the document is of another schema, or malformed.
  """
  try:
    document = json.loads(data)
    schema = document.pop("schema")
  except (ValueError, AttributeError, KeyError, TypeError) as error:
    raise UnreadableManifest(f"not a manifest: {error!r}") from error
  if schema != SCHEMA:
    raise UnreadableManifest(_other_schema(schema))
  try:
    return _structure(document)
  except (AttributeError, KeyError, TypeError) as error:
    raise UnreadableManifest(f"malformed manifest: {error!r}") from error


def _structure(document: dict[str, Any]) -> Manifest:
  artifacts = {
    "function": Artifact(**document["function"]),
    "inputs": tuple(Artifact(**each) for each in document["inputs"]),
    "source": Artifact(**document["source"]) if document["source"] else None,
  }
  lists = {
    name: tuple(document[name])
    for name in ("sys_path", "prelude", "requirements")
  }
  return Manifest(**{**document, **artifacts, **lists})


def _other_schema(schema: object) -> str:
  told = f"this manifest has schema {schema!r}, and this runner reads schema {SCHEMA}"
  if not isinstance(schema, int):
    return f"{told}: no keras-remote wrote it"
  if schema > SCHEMA:
    return (
      f"{told}: the runner is older than the keras-remote that submitted the"
      " job; upgrade it there: pip install -U keras-remote-runner"
    )
  return (
    f"{told}: the keras-remote that submitted the job is older than the"
    " runner; upgrade it there: pip install -U keras-remote"
  )
