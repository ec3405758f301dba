"""What the hosts of a job signed: read, verified, and nothing unpickled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from keras_remote_core import concurrency
from keras_remote_core.errors import ResultUnavailable, Tampered, UntrustedStore
from keras_remote_core.model import JobHandle
from keras_remote_core.roles import ArtifactStore
from keras_remote_runner import keys, signing
from keras_remote_runner.outcome import SCHEMA, final


@frozen(kw_only=True)
class Artifact:
  """A pickled value in the store; digest in hex, size in bytes."""

  key: str
  sha256: str
  size: int


@frozen(kw_only=True)
class Returned:
  """The function returned."""

  artifact: Artifact


@frozen(kw_only=True)
class Raised:
  """The function raised.

  Args:
    host: which host's function it was.
    exits: whether it was a BaseException such as SystemExit.
    frames: file, name, line and module of each frame, outermost first.
    chained: whether it has a cause or context, which only the text tells.
    artifact: the exception itself, or None where it does not pickle.
    unpicklable: why it does not pickle.
  """

  type: str
  message: str
  exits: bool
  frames: tuple[Mapping[str, Any], ...]
  traceback: str
  artifact: Artifact | None
  host: int = 0
  chained: bool = False
  unpicklable: str | None = None


@frozen(kw_only=True)
class Failed:
  """The function neither returned nor raised, on one host."""

  reason: str
  message: str
  lines: tuple[str, ...] = ()
  host: int = 0
  remedy: str | None = None


Outcome = Returned | Raised | Failed


def read(
  store: ArtifactStore, handle: JobHandle, key: bytes | None
) -> Outcome | None:
  """The job's outcome: the first failure of any host, else host 0's value.

  Args:
    key: verifies every outcome; None trusts the store.

  Returns:
    None where some host has no outcome yet and none has failed.

  Raises:
    Tampered: an outcome is not signed by this job, or not where it belongs.
    ResultUnavailable: another version of the schema wrote it.
  """
  hosts = range(handle.processes)
  found = concurrency.each(lambda host: _host(store, handle, key, host), hosts)
  if (bad := first_failure(found)) is not None:
    return _outcome(bad)
  documents = [each for each in found if each is not None]
  return _outcome(documents[0]) if len(documents) == len(found) else None


def first_failure(
  documents: Iterable[Mapping[str, Any] | None],
) -> Mapping[str, Any] | None:
  """Of several hosts' outcomes, the failure that the others may be due to.

  Where one host fails, the others are stopped.
  """
  bad = [each for each in documents if each and each["kind"] != "returned"]
  return min(bad, key=_order, default=None)


def _order(document: Mapping[str, Any]) -> tuple[bool, float]:
  ended = document.get("ended")
  told = float(ended) if isinstance(ended, int | float) else 0.0
  return document.get("reason") == "Stopped", told


def untrusted(handle: JobHandle) -> UntrustedStore:
  """The refusal to unpickle what cannot be verified."""
  return UntrustedStore(
    f"the key of job {handle.job_id} cannot be read from here, so what the"
    f" store {handle.store_url} says of it cannot be verified",
    remedy="collect it where it was submitted, or, if everyone who can write"
    f" to the store is trusted: keras-remote jobs result {handle.job_id}"
    " --trust-store",
  )


def _host(
  store: ArtifactStore, handle: JobHandle, key: bytes | None, host: int
) -> dict[str, Any] | None:
  """A host's last outcome, unless another attempt is due after it."""
  for attempt in reversed(range(handle.attempts)):
    place = keys.host(handle.job_id, 0, attempt, host)
    try:
      data = store.read(f"{place}/outcome.json")
    except FileNotFoundError:
      continue
    identity = (handle.job_id, 0, attempt, host)
    document = _verified(data, key, identity, place)
    return document if final(document, handle.attempts) else None
  return None


def _verified(
  data: bytes,
  key: bytes | None,
  identity: tuple[str, int, int, int],
  place: str,
) -> dict[str, Any]:
  try:
    document: dict[str, Any] = json.loads(data)
    said = tuple(document[name] for name in ("job", "task", "attempt", "host"))
    signed = key is None or signing.verify(document, key)
  except (ValueError, KeyError, TypeError) as error:
    raise _tampered(
      place, f"it is cut off or not an outcome ({error!r})"
    ) from error
  if not signed:
    raise _tampered(place, "its signature is not this job's")
  if said != identity:
    raise _tampered(place, f"it speaks of another run: {said}")
  if document["schema"] != SCHEMA:
    raise _other_schema(place, document["schema"])
  return document


def _other_schema(place: str, schema: Any) -> ResultUnavailable:
  newer = isinstance(schema, int) and schema > SCHEMA
  return ResultUnavailable(
    f"{place}/outcome.json has schema {schema!r}, and this keras-remote reads"
    f" schema {SCHEMA}: {'a newer' if newer else 'an older'} one submitted the"
    " job",
    remedy="upgrade keras-remote here: pip install -U keras-remote"
    if newer
    else "collect the job with the keras-remote that submitted it",
  )


def _tampered(place: str, why: str) -> Tampered:
  return Tampered(
    f"{place}/outcome.json is refused: {why}; nothing of it was unpickled",
    remedy="find out who can write to the store, then run the function again",
  )


def _outcome(document: Mapping[str, Any]) -> Outcome:
  if document["kind"] == "returned":
    return Returned(artifact=Artifact(**document["artifact"]))
  if document["kind"] == "failed":
    return Failed(
      reason=document["reason"],
      message=document["message"],
      lines=tuple(document["lines"]),
      host=document["host"],
    )
  artifact = document["artifact"]
  return Raised(
    type=document["type"],
    message=document["message"],
    exits=document["exits"],
    frames=tuple(document["frames"]),
    traceback=document["traceback"],
    artifact=Artifact(**artifact) if artifact else None,
    host=document["host"],
    chained=document["chained"],
    unpicklable=document["unpicklable"],
  )
